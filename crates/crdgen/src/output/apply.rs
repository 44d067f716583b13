//! Makes a plan so.
//!
//! First the lock is replaced by one that also lists what is about to be written and removed. From then on any mixture of
//! old and new files is known as ours, so a run that is killed anywhere can be recognised and finished by the next one.
//! Then the files, each whole; last the lock as it will stay.

use std::io;

use crdgen_schema::Diagnostic;

use super::disk::{Disk, Durability};
use super::{Plan, Site, Step};
use crate::lock::Lock;

/// Writes and removes files until the disk is as planned. A plan with conflicts must not come here.
pub fn apply(site: &Site, plan: &Plan) -> Result<(), Box<Diagnostic>> {
    run(&Disk::default(), site, plan)
        .map_err(|error| Box::new(Diagnostic::error("output::write", format!("cannot write: {error}")).help(HELP)))
}

const HELP: &str = "the files that were written are recorded; run the same command again to finish";

pub(super) fn run(disk: &Disk, site: &Site, plan: &Plan) -> io::Result<()> {
    debug_assert!(plan.conflicts.is_empty());
    sweep(disk, site, plan)?;
    if plan.touches_files() {
        write_lock(disk, site, &plan.lock_while_writing())?;
        // Removing comes first: it may make room for a folder of the same name.
        remove(disk, site, plan)?;
        prune(disk, site, plan);
        write(disk, site, plan)?;
    }
    prune(disk, site, plan);
    if plan.touches_files() || plan.lock_differs() {
        write_lock(disk, site, &plan.lock)?;
    }
    Ok(())
}

/// Removes what an interrupted run left half done beside its files.
fn sweep(disk: &Disk, site: &Site, plan: &Plan) -> io::Result<()> {
    disk.remove_temporary(&site.lock)?;
    let pending = plan.record.lock.pending.iter();
    for path in pending.flat_map(|pending| pending.write.keys()).filter(|path| site.root_of(path).is_some()) {
        disk.remove_temporary(&site.locate(path)).map_err(at(site, path))?;
    }
    Ok(())
}

fn remove(disk: &Disk, site: &Site, plan: &Plan) -> io::Result<()> {
    for (path, step) in &plan.steps {
        if *step == Step::Remove {
            disk.remove(&site.locate(path)).map_err(at(site, path))?;
        }
    }
    Ok(())
}

fn prune(disk: &Disk, site: &Site, plan: &Plan) {
    for (path, step) in &plan.steps {
        if matches!(step, Step::Remove | Step::Forget)
            && let Some(root) = site.root_of(path)
        {
            disk.prune(&site.locate(path), &site.locate(root));
        }
    }
}

fn write(disk: &Disk, site: &Site, plan: &Plan) -> io::Result<()> {
    for (path, step) in &plan.steps {
        if let Step::Create(file) | Step::Update { new: file, .. } = step {
            disk.replace(&site.locate(path), file.text.as_bytes(), Durability::Process).map_err(at(site, path))?;
        }
    }
    Ok(())
}

fn write_lock(disk: &Disk, site: &Site, lock: &Lock) -> io::Result<()> {
    disk.replace(&site.lock, lock.to_text().as_bytes(), Durability::Device)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", site.show_lock())))
}

fn at(site: &Site, path: &str) -> impl FnOnce(io::Error) -> io::Error {
    let shown = site.show(path);
    move |error| io::Error::new(error.kind(), format!("{shown}: {error}"))
}
