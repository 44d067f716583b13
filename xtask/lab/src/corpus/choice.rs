//! Choice of the CRDs whose output is checked.

use super::checked::Subject;
use super::project::{Project, Set, output};

/// Projects that the sample has whole: large ones, and those with the oddest schemas.
const WHOLE: [&str; 5] = ["argo-workflows", "gateway-api", "istio", "prometheus-operator", "tekton-pipeline"];

/// Minimum number of types of a CRD in the sample. Smaller CRDs show little.
const USEFUL_TYPES: usize = 8;

/// Output to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Which {
    /// A small CRD of each project, and a few projects whole.
    Sample,
    /// Everything.
    All,
    /// All sets, with rustfmt and clippy alone.
    Tools,
}

/// Chooses the sets. The choice does not change between runs.
pub fn subjects(projects: &[Project], which: Which) -> Vec<Subject> {
    projects.iter().flat_map(|project| of_project(project, which)).collect()
}

fn of_project(project: &Project, which: Which) -> Vec<Subject> {
    let sets = project.sets().sets;
    if which != Which::Sample || WHOLE.contains(&project.name.as_str()) {
        return sets.into_iter().filter_map(|set| subject(project, set)).collect();
    }
    smallest_useful(project, sets).into_iter().collect()
}

/// Generates a set. Returns `None` if that fails, which was already reported.
fn subject(project: &Project, set: Set) -> Option<Subject> {
    let output = output(&set.crds).ok()?;
    Some(Subject { project: project.name.clone(), set, output })
}

/// Chooses the smallest CRD with enough types, or the one with the most types if there is none.
fn smallest_useful(project: &Project, sets: Vec<Set>) -> Option<Subject> {
    let mut crds: Vec<_> = sets.into_iter().flat_map(|set| set.crds).collect();
    crds.sort_by_key(|crd| (crd.source.text.len(), crd.name.clone()));
    let mut best: Option<Subject> = None;
    for crd in crds {
        let set = Set { name: project.name.clone(), crds: vec![crd] };
        let Some(found) = subject(project, set) else { continue };
        let types = found.output.types;
        if best.as_ref().is_none_or(|best| best.output.types < types) {
            best = Some(found);
        }
        if types >= USEFUL_TYPES {
            break;
        }
    }
    best
}
