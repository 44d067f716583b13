//! Documents for the tools: each model in both versions of OpenAPI, and once for progenitor.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use crdgen::pipeline::{self, Custom, Selection, Targets};
use crdgen_emit::openapi::{self, Profile, Security, Spec};
use crdgen_harness::workspace;
use crdgen_lab::corpus::{self, Project};
use crdgen_model::Names;
use crdgen_schema::Crd;
use serde_json::Value;

/// An OpenAPI document.
#[derive(Clone)]
pub struct Document {
    /// Name of the project that the document describes.
    pub name: String,
    /// Version of OpenAPI and profile.
    pub form: Form,
    /// JSON, or YAML if it is a user's file.
    pub text: String,
}

/// Version of OpenAPI and profile of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    V3_0,
    V3_1,
    Progenitor,
}

impl Form {
    const ALL: [Self; 3] = [Self::V3_0, Self::V3_1, Self::Progenitor];

    /// Returns the name in the matrix.
    pub fn name(self) -> &'static str {
        match self {
            Self::V3_0 => "3.0.3",
            Self::V3_1 => "3.1.0",
            Self::Progenitor => "progenitor",
        }
    }

    fn options(self) -> openapi::Options {
        let (spec, profile) = match self {
            Self::V3_0 => (Spec::V3_0, Profile::Standard),
            Self::V3_1 => (Spec::V3_1, Profile::Standard),
            Self::Progenitor => (Spec::V3_0, Profile::Progenitor),
        };
        openapi::Options { spec, profile, security: vec![Security::Bearer], ..openapi::Options::default() }
    }
}

impl Document {
    /// Reads a user's document and detects its form from its contents.
    pub fn file(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let version =
            serde_json::from_str(&text).ok().and_then(|json: Value| Some(json["openapi"].as_str()?.to_owned()));
        let form = match version.is_some_and(|version| version.starts_with("3.1")) {
            true => Form::V3_1,
            false if text.contains("application/merge-patch+json") => Form::V3_0,
            false => Form::Progenitor,
        };
        Ok(Self { name, form, text })
    }
}

/// Returns the documents of the example.
pub fn example() -> Result<Vec<Document>> {
    let crds = workspace::root().join("examples/ci-service/crds");
    of_crds("example", &pipeline::read(&[crds.to_string_lossy().into_owned()], std::io::empty()).crds)
}

/// Returns the documents of the example, and those of the corpus if it is available.
pub fn all() -> Result<Vec<Document>> {
    let mut documents = example()?;
    let corpus = corpus::default_path();
    if !corpus.exists() {
        eprintln!("SKIPPED: {}", workspace::no_data(&corpus));
        return Ok(documents);
    }
    let projects = corpus::projects(&corpus)?;
    for (project, file) in
        [("cert-manager", ""), ("tekton-pipeline", ""), ("prometheus-operator", "_prometheuses.yaml")]
    {
        documents.extend(of_project(&projects, project, file)?);
    }
    Ok(documents)
}

/// Returns the documents of projects of the corpus.
pub fn of_projects(names: &[String]) -> Result<Vec<Document>> {
    let projects = corpus::projects(&corpus::default_path())?;
    names.iter().map(|name| of_project(&projects, name, "")).collect::<Result<Vec<_>>>().map(|all| all.concat())
}

/// Returns the documents of a project. Reads the files whose name ends with `file`.
fn of_project(projects: &[Project], name: &str, file: &str) -> Result<Vec<Document>> {
    let project = projects.iter().find(|known| known.name == name).with_context(|| format!("no project {name}"))?;
    let files = project.files.iter().filter(|known| known.name.ends_with(file));
    let crds: Vec<Crd> = files.flat_map(|file| corpus::crds(file, &mut Vec::new())).collect();
    of_crds(name, &crds)
}

fn of_crds(name: &str, crds: &[Crd]) -> Result<Vec<Document>> {
    let document = |form: Form| {
        let targets = Targets { openapi: Some(form.options()), ..Targets::default() };
        let custom = Custom { permissions: true, ..Custom::default() };
        let selection = Selection { custom, ..Selection::default() };
        let output = pipeline::generate(crds, &selection, &targets, &Names::default())?;
        let text = output.openapi.into_values().next().unwrap_or_default();
        Ok(Document { name: name.to_owned(), form, text })
    };
    Form::ALL.map(document).into_iter().collect()
}
