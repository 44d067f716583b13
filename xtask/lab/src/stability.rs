//! `stability`: small changes of the CRDs of many projects, and the names in generated code that change with them.

mod compare;
mod datamodel;
mod mutation;
mod report;
mod spot;
mod subject;
mod surface;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use anyhow::Result;
use crdgen_harness::{Verdict, workspace};

use crate::{corpus, optimised};
use report::Report;

/// Change the CRDs of many projects slightly, and report the names in generated code that change.
#[derive(clap::Args)]
pub struct Args {
    /// CRD files, with one folder per project: a folder, or a .tar.xz of one [default: $CRDGEN_CORPUS/corpus/crds.tar.xz]
    #[arg(long, value_name = "PATH")]
    crds: Option<PathBuf>,
    /// Use all projects instead of a selection.
    #[arg(long)]
    all: bool,
    /// Print one JSON object at the end.
    #[arg(long)]
    json: bool,
}

/// Changes the CRDs of many projects, and prints the generated names that change with them. A debug build starts an
/// optimised build of the task.
pub fn run(args: &Args) -> Result<Verdict> {
    if cfg!(debug_assertions) {
        return optimised::rerun("stability");
    }
    let _alone = workspace::exclusive("corpus")?;
    let path = args.crds.clone().unwrap_or_else(corpus::default_path);
    let projects = corpus::projects(&path)?;
    let subjects = subject::subjects(&projects, if args.all { usize::MAX } else { subject::ENOUGH });
    let mut report = Report::default();
    report.heading();
    in_order(subjects.len(), |index| subjects[index].examine(), |index, runs| report.add(&subjects[index], runs?))?;
    report.totals();
    report.datamodel(datamodel::compare(&subjects)?);
    if args.json {
        report.json()?;
    }
    Ok(report.verdict())
}

/// Runs `work` on all processors, and passes each result to `then` in the order of the indexes.
fn in_order<T: Send>(
    count: usize,
    work: impl Fn(usize) -> T + Sync,
    mut then: impl FnMut(usize, T) -> Result<()>,
) -> Result<()> {
    let next = AtomicUsize::new(0);
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from).min(count) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count || sender.send((index, work(index))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting: Vec<Option<T>> = (0..count).map(|_| None).collect();
        let mut due = 0;
        for (index, result) in results {
            waiting[index] = Some(result);
            while let Some(result) = waiting.get_mut(due).and_then(Option::take) {
                then(due, result)?;
                due += 1;
            }
        }
        Ok(())
    })
}
