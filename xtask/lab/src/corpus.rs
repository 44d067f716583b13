//! `corpus`: generates every target for every CRD of a collection, reports what was refused and why, and
//! checks the output with its own compilers.

mod check;
mod checked;
mod choice;
mod folder;
mod measure;
mod names;
mod project;
mod report;
mod rust;

use std::path::{Path, PathBuf};

use anyhow::Result;
use crdgen_harness::{Verdict, workspace};

use crate::optimised;
use report::Report;

pub use project::{Project, Refusal, crds};
pub use rust::reformatted;

/// Generate every target for all CRDs of a collection.
#[derive(clap::Args)]
pub struct Args {
    /// CRD files in one folder a project: a folder, or a .tar.xz of one [default: $CRDGEN_CORPUS/corpus/crds.tar.xz]
    #[arg(long, value_name = "PATH")]
    crds: Option<PathBuf>,
    /// Have the output checked by rustfmt, clippy, tsc, openapi-spec-validator and redocly.
    #[arg(long, value_name = "WHICH")]
    check: Option<choice::Which>,
    /// End with one JSON object.
    #[arg(long)]
    json: bool,
}

/// Returns the path of the collection that is used if none is named.
pub fn default_path() -> PathBuf {
    workspace::data().join("corpus/crds.tar.xz")
}

/// Returns the projects of a collection, which is a folder, a .tar.xz of one, or a single file.
pub fn projects(path: &Path) -> Result<Vec<Project>> {
    match project::is_crd_file(path) {
        true => Ok(vec![Project::file(path)?]),
        false => Project::all(&folder::open(path)?),
    }
}

/// Returns whether a file of a collection is the one that a case names. Either path may start at a folder
/// further up.
pub fn is_file(file: &str, named: &str) -> bool {
    let ends = |long: &str, short: &str| long.strip_suffix(short).is_some_and(|rest| rest.ends_with('/'));
    file == named || ends(file, named) || ends(named, file)
}

/// Generates every target for the projects of a collection, checks the output if asked, and prints a report. A debug build
/// starts an optimised build of the task.
pub fn run(args: &Args) -> Result<Verdict> {
    if cfg!(debug_assertions) {
        return optimised::rerun("corpus");
    }
    let _alone = workspace::exclusive("corpus")?;
    let path = args.crds.clone().unwrap_or_else(default_path);
    let projects = projects(&path)?;
    let mut report = Report::default();
    report.heading();
    for project in &projects {
        report.add(project, project::generate(project));
    }
    report.refusals();
    if let Some(which) = args.check {
        let subjects = choice::subjects(&projects, which);
        report.checked(&match which {
            choice::Which::Sample | choice::Which::All => check::run(&subjects)?,
            choice::Which::Tools => check::tools(&subjects)?,
        });
    }
    report.totals(measure::prometheus(&projects));
    if args.json {
        report.json()?;
    }
    Ok(report.verdict())
}
