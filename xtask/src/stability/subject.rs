//! Which projects are looked at, and what is done to each.

use anyhow::{Context, Result};
use crdgen::pipeline::{self, Output, Selection, Targets};
use crdgen_emit::{openapi, rust};
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
    pub locked: [(&'static str, Comparison); 3],
    /// The same without a lock.
    pub unlocked: [(&'static str, Comparison); 3],
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
        let (names, locked) = generate(&self.crds, &Locked::default()).with_context(|| self.name.clone())?;
        let runs = mutation::ALL.iter().filter_map(|mutation| {
            let changed = mutation.of(&self.crds, &self.foreign)?;
            let run = run(mutation, &names, &locked, &changed);
            Some(run.with_context(|| format!("{}: {}", self.name, mutation.name)))
        });
        runs.collect()
    }
}

fn run(mutation: &'static Mutation, before: &[Named; 3], locked: &Locked, changed: &[Crd]) -> Result<Run> {
    let compared = |locked: &Locked| -> Result<_> {
        let (after, _) = generate(changed, locked)?;
        let compare = |target: usize| {
            let ((name, before), (_, after)) = (&before[target], &after[target]);
            (*name, Comparison::new(before, after))
        };
        Ok([compare(0), compare(1), compare(2)])
    };
    Ok(Run { mutation, locked: compared(locked)?, unlocked: compared(&Locked::default())? })
}

/// The names in generated code, and the names to lock.
pub fn generate(crds: &[Crd], locked: &Locked) -> Result<([Named; 3], Locked)> {
    let targets = Targets {
        rust: Some(rust::Options::default()),
        openapi: Some(openapi::Options { docs: openapi::Docs::None, ..Default::default() }),
        typescript: true,
        ..Targets::default()
    };
    let output: Output = pipeline::generate(crds, &Selection::default(), &targets, locked)?;
    Ok((surface::surfaces(&output)?, output.names))
}
