//! Which projects are looked at, and what is done to each.

use anyhow::{Context, Result};
use crdgen::pipeline::{self, Output, Selection, Targets};
use crdgen_emit::{openapi, rust, typescript};
use crdgen_model::Names as Locked;
use crdgen_schema::Crd;

use super::compare::Comparison;
use super::mutation::{self, Mutation};
use super::surface::{self, Named};
use crate::corpus::Project;

/// How many projects are looked at unless all are asked for.
pub const ENOUGH: usize = 36;

/// CRDs that are used together, with some of a stranger.
pub struct Subject {
    /// The project.
    pub name: String,
    /// Its CRDs.
    pub crds: Vec<Crd>,
    foreign: Vec<Crd>,
}

/// What one change did.
pub struct Run {
    /// The change.
    pub mutation: &'static Mutation,
    /// By target, when the names of the first run were locked.
    pub locked: Vec<(&'static str, Comparison)>,
    /// The same without a lock, in OpenAPI alone: the others take their names from where it does.
    pub unlocked: Vec<(&'static str, Comparison)>,
}

/// The largest projects, and from there on smaller ones at equal distances: the same each time.
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
    /// Every change, alone, with and without the names of the run before it.
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

/// The names in generated code, and the names to lock.
pub fn generate(crds: &[Crd], locked: &Locked, targets: &Targets) -> Result<(Vec<Named>, Locked)> {
    let output: Output = pipeline::generate(crds, &Selection::default(), targets, locked)?;
    Ok((surface::surfaces(&output)?, output.names))
}

/// Every target with names of its own.
fn everything() -> Targets {
    Targets { typescript: Some(typescript::Options::default()), rust: types().rust, ..document() }
}

fn document() -> Targets {
    let options = openapi::Options { docs: openapi::Docs::None, ..Default::default() };
    Targets { openapi: Some(options), ..Targets::default() }
}

/// Rust types alone.
pub fn types() -> Targets {
    Targets { rust: Some(rust::Options::default()), ..Targets::default() }
}
