//! Generated Rust for the kinds that have cases, and the type for each object.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crdgen::pipeline::{self, Selection, Targets, Versions};
use crdgen_emit::{Files, rust};
use crdgen_harness::roots;
use crdgen_model::Names;
use crdgen_schema::crd::Version;
use crdgen_schema::{Crd, Schema, Source};
use serde_json::Value;

use super::cases::Case;
use crate::corpus::{Project, Refusal, crds, is_file};

/// Types for cases.
#[derive(Default)]
pub struct Types {
    /// Files of each generator run.
    pub units: Vec<Files>,
    /// Types of the whole objects, by kind.
    pub roots: BTreeMap<Kind, Root>,
    /// File of the collection for the file name in each case.
    files: BTreeMap<String, String>,
    /// Options for the generator.
    options: rust::Options,
    /// CRDs without types.
    refused: Vec<Refusal>,
}

/// A kind and version in a file. Two files may define a kind differently.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    pub file: String,
    pub api_version: String,
    pub kind: String,
}

/// Type of a whole object.
pub struct Root {
    /// Index into [`Types::units`].
    pub unit: usize,
    /// Path of the type in the unit: `group::v1::kind::Kind`.
    pub path: String,
    /// Schema from which the type was made.
    pub schema: Arc<Schema>,
}

impl Types {
    /// Returns the type that must read a case.
    pub fn root(&self, case: &Case) -> Option<&Root> {
        self.roots.get(&kind(self.files.get(&case.crd).unwrap_or(&case.crd), &case.object))
    }

    /// Returns the reason why a case has no type.
    pub fn why_not(&self, case: &Case) -> String {
        let Some(file) = self.files.get(&case.crd) else { return format!("{} is not in the collection", case.crd) };
        match self.refused.iter().find(|refusal| refusal.file == *file) {
            Some(refusal) => format!("{file}:{}", refusal.reason),
            None => format!("{file} has no such kind and version"),
        }
    }
}

fn kind(file: &str, object: &Value) -> Kind {
    let text = |key: &str| object[key].as_str().unwrap_or_default().to_owned();
    Kind { file: file.to_owned(), api_version: text("apiVersion"), kind: text("kind") }
}

/// Generates the kinds and versions that have cases, with as few runs per project as its CRDs allow.
pub fn generate(projects: &[Project], cases: &[Case], options: &rust::Options) -> Types {
    let mut types = Types { options: options.clone(), ..Types::default() };
    let sources: Vec<&Arc<Source>> = projects.iter().flat_map(|project| &project.files).collect();
    for case in cases {
        if !types.files.contains_key(&case.crd)
            && let Some(file) = sources.iter().find(|file| is_file(&file.name, &case.crd))
        {
            types.files.insert(case.crd.clone(), file.name.clone());
        }
    }
    let wanted = cases.iter().filter_map(|case| Some(kind(types.files.get(&case.crd)?, &case.object))).collect();
    for project in projects {
        let mut found = Vec::new();
        for file in project.files.iter().filter(|file| types.files.values().any(|name| *name == file.name)) {
            found.extend(crds(file, &mut types.refused).into_iter().filter(|crd| versions(crd, &wanted).count() > 0));
        }
        together(found).into_iter().for_each(|crds| types.add(&crds, &wanted));
    }
    types
}

/// Returns the versions of a CRD that have cases. The other versions stay in the CRD, because the stored version
/// determines which fields come back in all versions.
fn versions<'a>(crd: &'a Crd, wanted: &BTreeSet<Kind>) -> impl Iterator<Item = (Kind, &'a Version)> {
    let of = |version: &'a Version| {
        let api_version = format!("{}/{}", crd.group, version.name);
        (Kind { file: crd.source.name.clone(), api_version, kind: crd.names.kind.clone() }, version)
    };
    crd.versions.iter().map(of).filter(|(kind, _)| wanted.contains(kind))
}

/// Splits CRDs into as few sets as possible, so that no set has a kind twice.
fn together(crds: Vec<Crd>) -> Vec<Vec<Crd>> {
    let mut sets: Vec<Vec<Crd>> = Vec::new();
    for crd in crds {
        let same =
            |known: &Crd| known.name == crd.name || (known.group == crd.group && known.names.kind == crd.names.kind);
        match sets.iter_mut().find(|set| !set.iter().any(same)) {
            Some(set) => set.push(crd),
            None => sets.push(vec![crd]),
        }
    }
    sets
}

impl Types {
    /// Adds the types of a set. If the set cannot be generated, each CRD is generated alone, so that one defect hides
    /// no other.
    fn add(&mut self, crds: &[Crd], wanted: &BTreeSet<Kind>) {
        match (self.files(crds, wanted), crds) {
            (Ok(files), _) => self.add_unit(files, crds, wanted),
            (Err(error), [crd]) => {
                let reason = format!("{}:{}: {error}", crd.span.line, crd.span.column);
                self.refused.push(Refusal { file: crd.source.name.clone(), reason });
            }
            (Err(_), several) => several.iter().for_each(|crd| self.add(std::slice::from_ref(crd), wanted)),
        }
    }

    fn add_unit(&mut self, files: Files, crds: &[Crd], wanted: &BTreeSet<Kind>) {
        let paths = roots::of(&files);
        let unit = self.units.len();
        for (kind, version) in crds.iter().flat_map(|crd| versions(crd, wanted)) {
            let Some(path) = paths.get(&(kind.api_version.clone(), kind.kind.clone())) else { continue };
            self.roots.insert(kind, Root { unit, path: path.clone(), schema: version.schema.clone() });
        }
        self.units.push(files);
    }

    fn files(&self, crds: &[Crd], wanted: &BTreeSet<Kind>) -> Result<Files, pipeline::Error> {
        let targets = Targets { rust: Some(self.options.clone()), ..Targets::default() };
        let names: BTreeSet<_> =
            crds.iter().flat_map(|crd| versions(crd, wanted)).map(|(_, version)| version.name.clone()).collect();
        let versions = Versions::Named(names.into_iter().collect());
        let selection = Selection { versions, ..Selection::default() };
        Ok(pipeline::generate(crds, &selection, &targets, &Names::default())?.rust)
    }
}
