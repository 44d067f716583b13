//! What the largest well-known CRD costs alone, beside reading its YAML.

use std::sync::Arc;

use cpu_time::ProcessTime;
use crdgen_schema::{Source, source};

use super::project::{self, Project};

/// CPU seconds, the best of a few runs.
pub struct Prometheus {
    /// Reading the YAML.
    pub read: f64,
    /// From the text to every target.
    pub generate: f64,
}

const RUNS: usize = 5;
const NAME: &str = "name: prometheuses.monitoring.coreos.com";

/// Measures, when the collection has it.
pub fn prometheus(projects: &[Project]) -> Option<Prometheus> {
    let files: Vec<_> = projects.iter().flat_map(|project| &project.files).collect();
    // In a file of its own: bundles hold much else.
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
