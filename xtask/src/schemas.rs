//! `schemas`: asks generated JSON Schemas about every object that an API server judged, and compares the verdicts.
//!
//! What the server stored must pass the schema of what is read. What it accepted must pass the schema of what is written,
//! unless the object has what the server passes over in silence or with a warning, and what an editor is to point at.

mod judge;
mod random;
mod report;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use serde::Deserialize;
use serde_json::Value;

use crate::{Verdict, corpus, jsonl, workspace};
use judge::Judge;
use report::Report;

/// Ask generated JSON Schemas about objects that an API server judged.
#[derive(Default, clap::Args)]
pub struct Args {
    /// CRD files: a file, a folder with one folder a project, or a .tar.xz of one [default: ../shared/corpus/crds.tar.xz]
    #[arg(long, value_name = "PATH")]
    crds: Option<PathBuf>,
    /// An API server's verdicts, JSON lines, plain or .xz; may be repeated [default: ../shared/cases/instances.jsonl.xz]
    #[arg(long, value_name = "FILE")]
    cases: Vec<PathBuf>,
    /// Instead, compare the schema of what is written with the server's rules, on so many random objects of random schemas.
    #[arg(long, value_name = "N", conflicts_with_all = ["crds", "cases"])]
    pub random: Option<usize>,
    /// Another seed makes other objects.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "random")]
    pub seed: u64,
    /// End with one JSON object.
    #[arg(long)]
    json: bool,
}

/// One object and the server's verdict.
#[derive(Deserialize)]
pub struct Case {
    /// Its name in its file of cases.
    pub id: String,
    /// The file of its CRD.
    crd: String,
    /// As it was sent.
    pub object: Value,
    /// Whether the server accepted it.
    pub ok: bool,
    /// What it stored.
    #[serde(default)]
    pub stored: Option<Value>,
    /// What it said beside, such as `299 - "unknown field \"spec.x\""`.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// What is missing of what is read when nothing else is said.
pub fn missing() -> Option<PathBuf> {
    [corpus::default_path(), default_cases()].into_iter().find(|path| !path.exists())
}

fn default_cases() -> PathBuf {
    workspace::shared().join("cases/instances.jsonl.xz")
}

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
        // Either may be named from a folder further up.
        let source = sources.iter().find(|file| file.name.ends_with(crd.as_str()) || crd.ends_with(&file.name));
        let judge = source.map(Judge::new).transpose()?;
        cases.iter().for_each(|case| report.add(case, judge.as_ref().and_then(|judge| judge.schemas(&case.object))));
    }
    report.print(args.json)?;
    Ok(report.verdict())
}
