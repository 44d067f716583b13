//! `verdicts`: comparison of crdgen's verdicts on objects and CRDs with those of an API server.

pub(crate) mod case;
mod judge;
mod probes;
mod report;
mod subjects;

use std::path::PathBuf;

use anyhow::{Context, Result};
use crdgen_harness::{Verdict, workspace};

use crate::corpus;
use report::Report;
use subjects::Subjects;

/// Compare crdgen's verdicts on objects and CRDs with those of an API server.
#[derive(clap::Args)]
pub struct Args {
    /// CRDs that cases name: a file, a folder, or a .tar.xz of one [default: $CRDGEN_CORPUS/corpus/crds.tar.xz]
    #[arg(long, value_name = "PATH")]
    crds: Option<PathBuf>,
    /// Verdicts of an API server, as .json or JSON lines (.jsonl), plain or .xz; may be repeated [default: those in
    /// $CRDGEN_CORPUS/cases]
    #[arg(long, value_name = "FILE")]
    cases: Vec<PathBuf>,
    /// Print one JSON object at the end.
    #[arg(long)]
    json: bool,
}

/// Files that are read by default.
const DEFAULT_CASES: [&str; 6] = [
    "diff_corpus.jsonl.xz",
    "diff_oracle.jsonl.xz",
    "instances.jsonl.xz",
    "field_probes.json",
    "jsts_draft4.json",
    "crd_probes.json",
];

/// Beginning of the name of a file with verdicts on CRDs.
const CRDS: &str = "crd_probes";

/// Judges objects and CRDs by crdgen, and prints verdicts that differ from those of an API server.
pub fn run(args: &Args) -> Result<Verdict> {
    let mut subjects = Subjects::new(args.crds.clone().unwrap_or_else(corpus::default_path));
    let mut report = Report::default();
    for path in files(args) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut figures = report::Figures::default();
        let judged = match name.starts_with(CRDS) {
            true => probes::for_each(&path, |outcome| figures.add(outcome)),
            false => case::for_each(&path, |case| {
                let subject = subjects.of(&case)?;
                figures.add(&judge::judge(&case, subject));
                Ok(())
            }),
        };
        judged.with_context(|| format!("cannot read {}", path.display()))?;
        figures.print(&name);
        report.add(figures);
    }
    report.finish(args.json)
}

fn files(args: &Args) -> Vec<PathBuf> {
    match args.cases.is_empty() {
        true => DEFAULT_CASES.iter().map(|name| workspace::data().join("cases").join(name)).collect(),
        false => args.cases.clone(),
    }
}
