//! One project of the collection: read, and generated in as few sets as its CRDs allow.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use cpu_time::ProcessTime;
use crdgen::pipeline::{self, Output, Selection, Targets};
use crdgen_emit::{json_schema, openapi, rbac, rust, typescript};
use crdgen_schema::{Crd, Diagnostic, Node, Severity, Source, crd, source};

use super::names::Names;

/// Files with CRDs of one project.
pub struct Project {
    /// Name of the project's folder.
    pub name: String,
    /// Files, with paths that begin at the collection's folder.
    pub files: Vec<Arc<Source>>,
    /// Files that are not text.
    unreadable: Vec<Diagnostic>,
}

/// CRDs that can be generated together, since no two have the same name.
pub struct Set {
    /// Name of the project, with a number from the second set on.
    pub name: String,
    pub crds: Vec<Crd>,
}

/// CRDs and refusals in a project's files.
pub struct Read {
    pub sets: Vec<Set>,
    pub refused: Vec<Refusal>,
}

/// A CRD, or a file, that is not generated.
pub struct Refusal {
    /// Path of the file, or the name of the project or the set as a whole.
    pub file: String,
    /// `line:column: why`
    pub reason: String,
}

/// Results of a project.
#[derive(Default)]
pub struct Generated {
    pub crds: usize,
    pub refused: Vec<Refusal>,
    /// CRDs that were accepted and could not be generated after all: defects of crdgen.
    pub failed: Vec<Refusal>,
    pub types: usize,
    pub untyped: usize,
    pub names: Names,
    pub cpu_seconds: f64,
}

impl Generated {
    fn count(&mut self, output: &Output) {
        self.crds += output.crds;
        self.types += output.types;
        self.untyped += output.untyped.len();
        self.names.add(&output.model);
    }
}

impl Project {
    /// Returns every project of a folder. Files in the folder itself are a project of their own.
    pub fn all(folder: &Path) -> Result<Vec<Self>> {
        let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
        let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
        paths.sort();
        let (folders, loose): (Vec<_>, Vec<_>) = paths.iter().partition(|path| path.is_dir());
        let mut projects: Vec<_> = folders.into_iter().map(|path| Self::read(folder, name(path), &[path])).collect();
        let loose: Vec<_> = loose.into_iter().filter(|path| is_crd_file(path)).collect();
        if !loose.is_empty() {
            projects.push(Self::read(folder, name(folder), &loose));
        }
        Ok(projects)
    }

    /// Returns a project of one file, named after the file.
    pub fn file(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = name(path);
        Ok(Self::of(&name, vec![Arc::new(Source { name: name.clone(), text })]))
    }

    /// Returns a project of files that were already read.
    pub fn of(name: &str, files: Vec<Arc<Source>>) -> Self {
        Self { name: name.to_owned(), files, unreadable: Vec::new() }
    }

    fn read(folder: &Path, name: String, inputs: &[&std::path::PathBuf]) -> Self {
        let inputs: Vec<_> = inputs.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        let collected = source::collect(&inputs, io::empty());
        let prefix = format!("{}/", folder.display());
        let files = collected.sources.into_iter().map(|file| {
            let name = file.name.strip_prefix(&prefix).unwrap_or(&file.name).to_owned();
            Arc::new(Source { name, text: file.text.clone() })
        });
        Self { name, files: files.collect(), unreadable: collected.diagnostics }
    }

    /// Returns the CRDs in the project's files. Of two equal CRDs the first counts. Of two different CRDs
    /// with one name, the second goes into another set, so that every file is generated.
    pub fn sets(&self) -> Read {
        let mut read = Read { sets: Vec::new(), refused: Vec::new() };
        for found in &self.unreadable {
            read.refused.push(Refusal { file: self.name.clone(), reason: found.message.clone() });
        }
        for file in &self.files {
            let crds = crds(file, &mut read.refused);
            crds.into_iter().for_each(|crd| add(&mut read.sets, &self.name, crd));
        }
        read
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Returns whether a path looks like one CRD file, not a collection.
pub fn is_crd_file(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    !path.is_dir() && ["yaml", "yml", "json"].iter().any(|known| extension == *known)
}

/// Returns the CRDs of one file. Refused CRDs are added to the refusals, with their place.
pub fn crds(file: &Arc<Source>, refused: &mut Vec<Refusal>) -> Vec<Crd> {
    let mut crds = Vec::new();
    let mut diagnostics = Vec::new();
    for document in source::documents(file, &mut diagnostics) {
        crds.append(&mut crd::crds(vec![document], &mut diagnostics).crds);
    }
    diagnostics.retain(|found| found.severity == Severity::Error);
    // One refusal for each CRD, with its first error. The errors of a CRD are consecutive.
    diagnostics.dedup_by(|next, first| next.path.is_some() && about(next) == about(first));
    if crds.is_empty() && diagnostics.is_empty() {
        refused.push(Refusal { file: file.name.clone(), reason: "1:1: no CustomResourceDefinition in it".to_owned() });
    }
    refused.extend(diagnostics.iter().map(|found| refusal(file, found)));
    crds
}

/// Returns the name of the CRD that a diagnostic is about.
fn about(found: &Diagnostic) -> Option<&str> {
    found.path.as_deref()?.split(' ').next()
}

fn refusal(file: &Source, found: &Diagnostic) -> Refusal {
    let span = found.place.as_ref().map(|place| place.span).unwrap_or_default();
    let path = found.path.as_ref().map(|path| format!(" ({path})")).unwrap_or_default();
    Refusal { file: file.name.clone(), reason: format!("{}:{}: {}{path}", span.line, span.column, found.message) }
}

fn add(sets: &mut Vec<Set>, project: &str, crd: Crd) {
    for set in sets.iter_mut() {
        let same =
            |known: &&Crd| known.name == crd.name || (known.group == crd.group && known.names.kind == crd.names.kind);
        match set.crds.iter().find(same) {
            None => return set.crds.push(crd),
            Some(known) if object(known) == object(&crd) => return,
            Some(_) => {}
        }
    }
    let name = match sets.len() {
        0 => project.to_owned(),
        count => format!("{project}-{}", count + 1),
    };
    sets.push(Set { name, crds: vec![crd] });
}

/// Returns the CRD as it was written. The file is read again: this is rarely needed, and keeping every
/// document would cost too much memory.
fn object(crd: &Crd) -> Option<serde_json::Value> {
    let documents = source::documents(&crd.source, &mut Vec::new());
    documents.iter().find_map(|document| at(&document.root, crd)).map(Node::to_json)
}

fn at<'a>(root: &'a Node, crd: &Crd) -> Option<&'a Node> {
    if root.span == crd.span {
        return Some(root);
    }
    root.get("items")?.items().iter().find_map(|item| at(item, crd))
}

/// Returns the options for every target.
pub fn targets() -> Targets {
    Targets {
        rust: Some(rust::Options::default()),
        axum: true,
        openapi: Some(openapi::Options::default()),
        typescript: Some(typescript::Options { schemas: typescript::Schemas::Inputs, ..Default::default() }),
        json_schema: Some(json_schema::Options::default()),
        rbac: Some(rbac::Options::default()),
        docs: None,
    }
}

/// Generates every target for these CRDs.
pub fn output(crds: &[Crd]) -> Result<Output, pipeline::Error> {
    pipeline::generate(crds, &Selection::default(), &targets(), &crdgen_model::Names::default())
}

/// Generates a project, and parses the Rust code once more.
pub fn generate(project: &Project) -> Generated {
    let started = ProcessTime::now();
    let read = project.sets();
    let mut generated = Generated { refused: read.refused, ..Generated::default() };
    let outputs: Vec<_> = read.sets.into_iter().map(|set| (output(&set.crds), set)).collect();
    generated.cpu_seconds = started.elapsed().as_secs_f64();
    for (output, set) in outputs {
        match output.map_err(|error| error.to_string()).and_then(|output| parses(&output).map(|()| output)) {
            Ok(output) => {
                generated.count(&output);
            }
            Err(_) => one_by_one(&set, &mut generated),
        }
    }
    generated
}

/// Finds the CRDs that a set failed on.
fn one_by_one(set: &Set, generated: &mut Generated) {
    for crd in &set.crds {
        let alone = std::slice::from_ref(crd);
        match output(alone).map_err(|error| error.to_string()).and_then(|output| parses(&output).map(|()| output)) {
            Ok(output) => {
                generated.count(&output);
            }
            Err(reason) => {
                let reason = format!("{}:{}: {reason}", crd.span.line, crd.span.column);
                generated.failed.push(Refusal { file: crd.source.name.clone(), reason });
            }
        }
    }
    if generated.failed.is_empty() {
        let reason = "1:1: fails as a whole though each of its CRDs is generated alone".to_owned();
        generated.failed.push(Refusal { file: set.name.clone(), reason });
    }
}

fn parses(output: &Output) -> Result<(), String> {
    for (path, text) in output.rust.iter().filter(|(path, _)| path.ends_with(".rs")) {
        syn::parse_file(text).map_err(|error| format!("{path} does not parse: {error}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crd(name: &str, spec: &str) -> String {
        format!(
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: {name}s.example.com}}\n\
             spec:\n  group: example.com\n  scope: Namespaced\n  names: {{kind: {name}, plural: {name}s}}\n  versions:\n  \
             - {{name: v1, served: true, storage: true, schema: {{openAPIV3Schema: {{type: object, properties: {{spec: {spec}}}}}}}}}\n"
        )
    }

    fn project(files: &[(&str, String)]) -> Project {
        let files = files.iter().map(|(name, text)| Arc::new(Source { name: (*name).to_owned(), text: text.clone() }));
        Project { name: "p".to_owned(), files: files.collect(), unreadable: Vec::new() }
    }

    fn sets(read: &Read) -> Vec<(&str, usize)> {
        read.sets.iter().map(|set| (set.name.as_str(), set.crds.len())).collect()
    }

    #[test]
    fn crds_of_one_name_that_differ_go_into_sets_and_copies_into_none() {
        let (one, other) = (crd("a", "{type: string}"), crd("a", "{type: integer}"));
        let again = format!("# moved\n{one}");
        let read = project(&[("1", one), ("2", other), ("3", again), ("4", crd("b", "{type: string}"))]).sets();
        assert_eq!(sets(&read), [("p", 2), ("p-2", 1)]);
        assert!(read.refused.is_empty());
    }

    #[test]
    fn what_is_not_generated_has_a_place_and_a_reason() {
        let bad = crd("a", "{type: string}") + "---\n" + &crd("b", "{properties: {x: {}}}");
        let read = project(&[("bad.yaml", bad), ("other.yaml", "kind: ConfigMap\n".to_owned())]).sets();
        assert_eq!(sets(&read), [("p", 1)]);
        let files: Vec<_> = read.refused.iter().map(|refusal| refusal.file.as_str()).collect();
        assert_eq!(files, ["bad.yaml", "other.yaml"], "one refusal a CRD, however many errors it has");
        assert!(read.refused[0].reason.starts_with("19:"), "{}", read.refused[0].reason);
        assert!(read.refused[0].reason.contains("(bs.example.com"), "{}", read.refused[0].reason);
    }
}
