//! `corpus`: generates every target for every CRD of a collection, says what was refused and why, and has the results
//! checked by their own compilers.

mod check;
mod folder;
mod measure;
mod project;
mod report;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::{Verdict, process, workspace};
use report::Report;

pub use project::{Project, Refusal, crds};

/// Generate every target for all CRDs of a collection.
#[derive(clap::Args)]
pub struct Args {
    /// CRD files in one folder a project: a folder, or a .tar.xz of one [default: ../shared/corpus/crds.tar.xz]
    #[arg(long, value_name = "PATH")]
    crds: Option<PathBuf>,
    /// Have the output checked by cargo, tsc, openapi-spec-validator and redocly.
    #[arg(long, value_name = "WHICH")]
    check: Option<Which>,
    /// End with one JSON object.
    #[arg(long)]
    json: bool,
}

/// What to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Which {
    /// A small CRD of each project, and a few projects whole.
    Sample,
    /// Everything.
    All,
}

/// Where the CRDs are when nothing else is said.
pub fn default_path() -> PathBuf {
    workspace::shared().join("corpus/crds.tar.xz")
}

/// The projects of a collection: a folder, a .tar.xz of one, or a single file.
pub fn projects(path: &Path) -> Result<Vec<Project>> {
    match project::is_crd_file(path) {
        true => Ok(vec![Project::file(path)?]),
        false => Project::all(&folder::open(path)?),
    }
}

/// This chore compiled with optimisation, in a process of its own: its times are those that users see.
pub fn optimised() -> Command {
    let mut command = process::cargo();
    command.current_dir(env::current_dir().unwrap_or_default());
    command.args(["run", "--quiet", "--release", "--package", "xtask", "--manifest-path"]);
    command.arg(workspace::root().join("Cargo.toml")).args(["--", "corpus"]);
    command
}

pub fn run(args: &Args) -> Result<Verdict> {
    if cfg!(debug_assertions) {
        return rerun();
    }
    let _alone = workspace::exclusive("corpus")?;
    let path = args.crds.clone().unwrap_or_else(default_path);
    let folder = folder::open(&path)?;
    let projects = Project::all(&folder)?;
    let mut report = Report::default();
    report.heading();
    for project in &projects {
        report.add(project, project::generate(project));
    }
    report.refusals();
    if let Some(which) = args.check {
        report.checked(&check::run(&check::subjects(&projects, which))?);
    }
    report.totals(measure::prometheus(&projects));
    if args.json {
        report.json()?;
    }
    Ok(report.verdict())
}

fn rerun() -> Result<Verdict> {
    let arguments = env::args_os().skip_while(|argument| argument != "corpus").skip(1);
    let status = optimised().args(arguments).status()?;
    match status.code() {
        Some(0) => Ok(Verdict::Good),
        Some(100) => Ok(Verdict::Findings),
        _ => bail!("corpus: {status}"),
    }
}
