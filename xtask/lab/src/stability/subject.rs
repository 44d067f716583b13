//! Projects that are examined, and the runs for each.

use anyhow::{Context, Result};
use crdgen::pipeline::{self, Output, Selection, Targets};
use crdgen_emit::{openapi, rust, typescript};
use crdgen_model::Names as Locked;
use crdgen_schema::Crd;

use super::compare::Comparison;
use super::mutation::{self, Mutation};
use super::surface::{self, Named};
use crate::corpus::Project;

/// Number of projects that are examined by default.
pub const ENOUGH: usize = 36;

/// CRDs of a project, and those of another project.
pub struct Subject {
    /// Name of the project.
    pub name: String,
    /// CRDs of the project.
    pub crds: Vec<Crd>,
    foreign: Vec<Crd>,
}

/// Result of one change.
pub struct Run {
    /// The change.
    pub mutation: &'static Mutation,
    /// Comparisons by target, with the names of the first run locked.
    pub locked: Vec<(&'static str, Comparison)>,
    /// Comparisons without a lock, only for OpenAPI: the other targets have their names from the same model.
    pub unlocked: Vec<(&'static str, Comparison)>,
}

/// Returns the largest projects, and smaller ones at equal distances. The selection is the same in every run.
pub fn subjects(projects: &[Project], enough: usize) -> Vec<Subject> {
    let mut sets: Vec<(usize, Vec<Crd>, &str)> = projects
        .iter()
        .filter_map(|project| {
            let crds = project.sets().sets.into_iter().next()?.crds;
            let size = project.files.iter().map(|file| file.text.len()).sum();
            Some((size, crds, project.name.as_str()))
        })
        .collect();
    sets.sort_by(|a, b| b.0.cmp(&a.0).then(a.2.cmp(b.2)));
    let largest = enough.min(sets.len()) * 2 / 3;
    let rest = sets.len() - largest;
    let others = enough.min(sets.len()) - largest;
    let chosen = (0..largest).chain((0..others).map(|index| largest + index * rest / others.max(1)));
    chosen
        .map(|index| Subject {
            name: sets[index].2.to_owned(),
            crds: sets[index].1.clone(),
            foreign: sets[(index + 1) % sets.len()].1.clone(),
        })
        .collect()
}

impl Subject {
    /// Applies every change alone, with and without the names of the run before it.
    pub fn examine(&self) -> Result<Vec<Run>> {
        let (names, locked) =
            generate(&self.crds, &Locked::default(), &everything()).with_context(|| self.name.clone())?;
        let runs = mutation::ALL.iter().filter_map(|mutation| {
            let changed = mutation.of(&self.crds, &self.foreign)?;
            let run = run(mutation, &names, &locked, &changed);
            Some(run.with_context(|| format!("{}: {}", self.name, mutation.name)))
        });
        runs.collect()
    }
}

fn run(mutation: &'static Mutation, before: &[Named], locked: &Locked, changed: &[Crd]) -> Result<Run> {
    let compared = |locked: &Locked, targets: &Targets| -> Result<_> {
        let (after, _) = generate(changed, locked, targets)?;
        let pairs =
            before.iter().zip(&after).map(|((name, before), (_, after))| (*name, Comparison::new(before, after)));
        Ok(pairs.collect())
    };
    Ok(Run { mutation, locked: compared(locked, &everything())?, unlocked: compared(&Locked::default(), &document())? })
}

/// Returns the names in generated code, and the names to lock.
pub fn generate(crds: &[Crd], locked: &Locked, targets: &Targets) -> Result<(Vec<Named>, Locked)> {
    let output: Output = pipeline::generate(crds, &Selection::default(), targets, locked)?;
    Ok((surface::surfaces(&output)?, output.names))
}

/// Returns every target that has names.
fn everything() -> Targets {
    Targets { typescript: Some(typescript::Options::default()), rust: types().rust, ..document() }
}

fn document() -> Targets {
    let options = openapi::Options { docs: openapi::Docs::None, ..Default::default() };
    Targets { openapi: Some(options), ..Targets::default() }
}

/// Returns Rust types as the only target.
pub fn types() -> Targets {
    Targets { rust: Some(rust::Options::default()), ..Targets::default() }
}
