//! `bench generate`: CPU time and memory of the generator, beside those of other generators for the same CRDs.
//!
//! Programs run in turns, so that other load affects all of them alike. The median of each counts, and the spread is shown.
//! Peers are installed once, in the versions of the committed lock files; a peer that cannot be installed is left out, with
//! its reason.

mod chart;
mod job;
mod peers;
mod report;
mod row;
mod subject;

use std::path::PathBuf;

use anyhow::Result;
use crdgen_harness::{Verdict, process, workspace};

use job::size;
use peers::Peers;
use subject::Subjects;

/// Measure the generator against others.
#[derive(clap::Args)]
pub struct Args {
    /// Number of times that each program runs.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Run each program three times, with fewer CRDs.
    #[arg(long)]
    quick: bool,
    /// Program of crdgen [default: built as it is deployed]
    #[arg(long, value_name = "FILE")]
    crdgen: Option<PathBuf>,
    /// Print one JSON object at the end.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<Verdict> {
    let _alone = workspace::exclusive("bench")?;
    let crdgen = match &args.crdgen {
        Some(program) => program.canonicalize()?,
        None => built()?,
    };
    let subjects = Subjects::collect(args.quick)?;
    let peers = Peers::install()?;
    let jobs = job::all(&crdgen, &subjects, &peers)?;
    let runs = if args.quick { 3 } else { args.runs.max(1) };
    let mut missing = peers.missing;
    let measured = job::measure(&jobs, runs, &mut missing)?;
    let rows = report::rows(&measured, size(&crdgen));
    report::print(&measured, &rows, &missing);
    let html = report_path();
    workspace::write(&html, &report::html(&measured, &rows, &missing, runs))?;
    println!("report: {}", html.display());
    if args.json {
        println!("{}", serde_json::json!({ "runs": runs, "measured": measured, "rows": rows, "missing": missing }));
    }
    workspace::empty(&workspace::scratch("bench/generate/out"))?;
    Ok(Verdict::Good)
}

/// Builds the program as it is deployed.
fn built() -> Result<PathBuf> {
    process::run(process::cargo().args(["build", "--quiet", "--profile", "deployed", "--package", "crdgen"]))?;
    Ok(workspace::target().join("deployed").join(format!("crdgen{}", std::env::consts::EXE_SUFFIX)))
}

/// Returns the place of the report.
fn report_path() -> PathBuf {
    workspace::scratch("bench/generate.html")
}
