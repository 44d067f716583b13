//! `schemas`: validation of objects with generated JSON Schemas, compared with the verdicts of an API server.
//!
//! A stored object must pass the read schema. An accepted object must pass the write schema, unless it contains
//! something that the server ignores or warns about and that an editor should report.

mod case;
mod judge;
mod random;
mod report;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use crdgen_harness::{Verdict, workspace};

use crate::{corpus, jsonl};
use case::Case;
use judge::Judge;
use report::Report;

/// Compare generated JSON Schemas with the verdicts of an API server.
#[derive(Default, clap::Args)]
pub struct Args {
    /// CRD files: a file, a folder with one folder per project, or a .tar.xz of one [default:
    /// $CRDGEN_CORPUS/corpus/crds.tar.xz]
    #[arg(long, value_name = "PATH")]
    crds: Option<PathBuf>,
    /// Verdicts of an API server, as JSON lines, plain or .xz; may be repeated [default:
    /// $CRDGEN_CORPUS/cases/instances.jsonl.xz]
    #[arg(long, value_name = "FILE")]
    cases: Vec<PathBuf>,
    /// Compare the schema of the write form with the server's rules instead, on this number of random objects of random schemas
    #[arg(long, value_name = "N", conflicts_with_all = ["crds", "cases"])]
    random: Option<usize>,
    /// Seed of the random objects
    #[arg(long, value_name = "N", default_value_t = 1, requires = "random")]
    seed: u64,
    /// Print one JSON object at the end.
    #[arg(long)]
    json: bool,
}

impl Args {
    /// Asks for the same random objects every time.
    pub fn random(objects: usize) -> Self {
        Self { random: Some(objects), seed: 1, ..Self::default() }
    }
}

/// Returns the first default file that does not exist, if any.
pub fn missing() -> Option<PathBuf> {
    [corpus::default_path(), default_cases()].into_iter().find(|path| !path.exists())
}

fn default_cases() -> PathBuf {
    workspace::data().join("cases/instances.jsonl.xz")
}

/// Validates objects by generated JSON Schemas, and prints verdicts that differ from those of an API server.
pub fn run(args: &Args) -> Result<Verdict> {
    if let Some(objects) = args.random {
        return random::run(objects, args.seed, args.json);
    }
    if args.cases.is_empty()
        && args.crds.is_none()
        && let Some(missing) = missing()
    {
        eprintln!("SKIPPED: {} is not there", missing.display());
        return Ok(Verdict::Good);
    }
    let crds = args.crds.clone().unwrap_or_else(corpus::default_path);
    let files = if args.cases.is_empty() { vec![default_cases()] } else { args.cases.clone() };
    let mut by_crd: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for file in &files {
        for case in jsonl::values::<Case>(jsonl::open(file)?) {
            let case = case?;
            by_crd.entry(case.crd.clone()).or_default().push(case);
        }
    }
    let sources: Vec<_> = corpus::projects(&crds)?.into_iter().flat_map(|project| project.files).collect();
    let mut report = Report::default();
    for (crd, cases) in &by_crd {
        // Either path may be relative to a folder further up.
        let source = sources.iter().find(|file| file.name.ends_with(crd.as_str()) || crd.ends_with(&file.name));
        let judge = source.map(Judge::new).transpose()?;
        cases.iter().for_each(|case| report.add(case, judge.as_ref().and_then(|judge| judge.schemas(&case.object))));
    }
    report.print(args.json)?;
    Ok(report.verdict())
}
