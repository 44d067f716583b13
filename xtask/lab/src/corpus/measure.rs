//! Cost of the largest well-known CRD, beside the cost of reading its YAML.

use std::sync::Arc;

use cpu_time::ProcessTime;
use crdgen_schema::{Source, source};

use super::project::{self, Project};

/// Processor seconds, the least of a few runs.
pub struct Prometheus {
    /// Reading of the YAML.
    pub read: f64,
    /// Everything from the text to all targets.
    pub generate: f64,
}

const RUNS: usize = 5;
const NAME: &str = "name: prometheuses.monitoring.coreos.com";

/// Measures the CRD, if the collection has it.
pub fn prometheus(projects: &[Project]) -> Option<Prometheus> {
    let files: Vec<_> = projects.iter().flat_map(|project| &project.files).collect();
    // The CRD is written to a file of its own, since bundles contain much else.
    let file = files.into_iter().filter(|file| file.text.contains(NAME)).min_by_key(|file| file.text.len())?;
    Some(Prometheus {
        read: best(|| drop(source::documents(file, &mut Vec::new()))),
        generate: best(|| drop(generate(file))),
    })
}

fn generate(file: &Arc<Source>) -> Option<crdgen::pipeline::Output> {
    project::output(&project::crds(file, &mut Vec::new())).ok()
}

fn best(mut work: impl FnMut()) -> f64 {
    let times = (0..RUNS).map(|_| {
        let started = ProcessTime::now();
        work();
        started.elapsed().as_secs_f64()
    });
    times.fold(f64::INFINITY, f64::min)
}
