//! `stability`: small changes of the CRDs of many projects, and the names in generated code that change with them.

mod compare;
mod datamodel;
mod in_order;
mod mutation;
mod report;
mod spot;
mod subject;
mod surface;

use std::path::PathBuf;

use anyhow::Result;
use crdgen_harness::{Verdict, workspace};

use crate::{corpus, optimised};
use in_order::in_order;
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
