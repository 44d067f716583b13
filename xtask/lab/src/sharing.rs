//! `sharing`: numbers of types and shapes in generated code, and the names of the most used shared types.

mod report;
mod shapes;
mod uses;

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::Result;
use crdgen::pipeline::{self, Selection, Targets, Versions};
use crdgen_harness::{Verdict, workspace};
use crdgen_model::{Model, Names};
use crdgen_schema::Crd;

use crate::corpus::{self, Project};
use crate::optimised;
use report::Report;
use shapes::Counts;

/// Count types and shapes, and list the most used shared types.
#[derive(clap::Args)]
pub struct Args {
    /// CRD files, with one folder per project: a folder, or a .tar.xz of one [default: $CRDGEN_CORPUS/corpus/crds.tar.xz]
    #[arg(long, value_name = "PATH")]
    crds: Option<PathBuf>,
    /// Print one JSON object at the end.
    #[arg(long)]
    json: bool,
}

/// Number of CRDs that are shown alone.
const LARGEST: usize = 15;

/// Project that is shown as a whole.
const TOGETHER: &str = "prometheus-operator";

/// Counts types and shapes in the generated code of a collection, and prints a report. A debug build starts an optimised
/// build of the task.
pub fn run(args: &Args) -> Result<Verdict> {
    if cfg!(debug_assertions) {
        return optimised::rerun("sharing");
    }
    let _alone = workspace::exclusive("corpus")?;
    let path = args.crds.clone().unwrap_or_else(corpus::default_path);
    let projects = corpus::projects(&path)?;
    let crds = every_kind_once(&projects);
    let mut report = Report::default();
    let mut alone = Vec::new();
    for crd in &crds {
        alone.push((crd.name.as_str(), Counts::of(&model(std::slice::from_ref(crd), Versions::Storage)?)));
    }
    alone.sort_by_key(|(name, counts)| (std::cmp::Reverse(counts.places), *name));
    for (name, counts) in alone.into_iter().take(LARGEST) {
        report.add(name, 1, counts);
    }
    if let Some(project) = projects.iter().find(|project| project.name == TOGETHER) {
        let together = every_kind_once(std::slice::from_ref(project));
        report.add(TOGETHER, together.len(), Counts::of(&model(&together, Versions::Storage)?));
    }
    let all = model(&crds, Versions::Served)?;
    report.add("all together, served versions", crds.len(), Counts::of(&all));
    report.print();
    report.uses(uses::most_used(&all));
    if args.json {
        report.json()?;
    }
    Ok(Verdict::Good)
}

/// Returns the CRDs of all projects. Of several CRDs for one kind only the first is returned.
fn every_kind_once(projects: &[Project]) -> Vec<Crd> {
    let mut seen = BTreeSet::new();
    let sets = projects.iter().flat_map(|project| project.sets().sets);
    sets.flat_map(|set| set.crds).filter(|crd| seen.insert((crd.group.clone(), crd.names.kind.clone()))).collect()
}

fn model(crds: &[Crd], versions: Versions) -> Result<Model> {
    let selection = Selection { versions, ..Selection::default() };
    Ok(pipeline::generate(crds, &selection, &Targets::default(), &Names::default())?.model)
}
