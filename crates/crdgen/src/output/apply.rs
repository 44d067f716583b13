//! Writing of a plan.
//!
//! First the lock is replaced by one that also lists the files about to be written and removed. From then on
//! any mixture of old and new files is known as crdgen's own, so the next run can finish a run that was
//! killed. Then the files are removed and written, each as a whole. Last comes the final lock.

use std::io;

use crdgen_schema::Diagnostic;

use super::disk::{Disk, Durability};
use super::{Plan, Site, Step};

/// Writes and removes files until the disk is as planned. The plan must have no conflicts.
///
/// # Errors
///
/// Returns a diagnostic if a file or the lock cannot be written or removed. The help says whether any other
/// file was changed before.
pub fn apply(site: &Site, plan: &Plan) -> Result<(), Box<Diagnostic>> {
    let mut changed = 0;
    run(&Disk::default(), site, plan, &mut changed).map_err(|error| {
        let failed = Diagnostic::error("output::write", format!("cannot write: {error}"));
        Box::new(failed.help(remedy(changed)))
    })
}

fn remedy(changed: usize) -> String {
    match changed {
        0 => "no generated file was changed; correct the cause, and run the same command again".to_owned(),
        1 => "1 file was changed before the error; run the same command again to finish".to_owned(),
        more => format!("{more} files were changed before the error; run the same command again to finish"),
    }
}

/// Applies the plan. `changed` counts the files that were written and removed.
pub(super) fn run(disk: &Disk, site: &Site, plan: &Plan, changed: &mut usize) -> io::Result<()> {
    debug_assert!(plan.conflicts.is_empty());
    sweep(disk, site, plan)?;
    if plan.touches_files() {
        write_lock(disk, site, &plan.lock_while_writing().to_text())?;
        // Removals come first: they may make room for a folder of the same name.
        remove(disk, site, plan, changed)?;
        prune(disk, site, plan);
        write(disk, site, plan, changed)?;
    }
    prune(disk, site, plan);
    if plan.touches_files() || plan.lock_differs() {
        write_lock(disk, site, &plan.lock_text)?;
    }
    Ok(())
}

/// Removes temporary files of a killed run.
fn sweep(disk: &Disk, site: &Site, plan: &Plan) -> io::Result<()> {
    disk.remove_temporary(&site.lock).map_err(of_lock(site))?;
    for path in &plan.leftovers {
        disk.remove_temporary(&site.locate(path)).map_err(at(site, path))?;
    }
    Ok(())
}

/// Removes stale files. A schema goes before the Rust types beside it: the types are the evidence for the
/// schema if this run is killed.
fn remove(disk: &Disk, site: &Site, plan: &Plan, changed: &mut usize) -> io::Result<()> {
    for (path, step) in plan.steps.iter().rev() {
        if *step == Step::Remove {
            disk.remove(&site.locate(path)).map_err(at(site, path))?;
            *changed += 1;
        }
    }
    Ok(())
}

fn prune(disk: &Disk, site: &Site, plan: &Plan) {
    for (path, root) in &plan.emptied {
        disk.prune(&site.locate(path), &site.locate(root));
    }
}

fn write(disk: &Disk, site: &Site, plan: &Plan, changed: &mut usize) -> io::Result<()> {
    for (path, step) in &plan.steps {
        if let Step::Create(file) | Step::Update { new: file, .. } = step {
            let text = file.text.read().map_err(at(site, path))?;
            disk.replace(&site.locate(path), text.as_bytes(), Durability::Process).map_err(at(site, path))?;
            *changed += 1;
        }
    }
    Ok(())
}

fn write_lock(disk: &Disk, site: &Site, text: &str) -> io::Result<()> {
    disk.replace(&site.lock, text.as_bytes(), Durability::Device).map_err(of_lock(site))
}

fn of_lock(site: &Site) -> impl FnOnce(io::Error) -> io::Error {
    named(site.show_lock())
}

fn at(site: &Site, path: &str) -> impl FnOnce(io::Error) -> io::Error {
    named(site.show(path))
}

fn named(shown: String) -> impl FnOnce(io::Error) -> io::Error {
    move |error| io::Error::new(error.kind(), format!("{shown}: {error}"))
}
