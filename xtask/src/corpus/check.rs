//! Checks of generated files with their own compilers: a scratch crate for each set of Rust files, a folder
//! for TypeScript, a file for OpenAPI.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use crdgen::pipeline::Output;

use super::Which;
use super::project::{Project, Set, output};
use crate::check::{self, Finding};
use crate::tools::{Node, Python};
use crate::{process, workspace};

/// Projects that the sample has whole: large ones, and those with the oddest schemas.
const WHOLE: [&str; 5] = ["argo-workflows", "gateway-api", "istio", "prometheus-operator", "tekton-pipeline"];

/// Minimum number of types of a CRD in the sample. Smaller CRDs show little.
const USEFUL_TYPES: usize = 8;

/// Output to check.
pub struct Subject {
    project: String,
    set: Set,
    output: Output,
}

/// Results of the checks.
#[derive(Default)]
pub struct Checked {
    /// Number of CRDs that were checked.
    pub crds: usize,
    /// Number of their projects.
    pub projects: usize,
    /// Tools that were run.
    pub by: Vec<&'static str>,
    /// Tools that are not installed.
    pub skipped: Vec<String>,
    /// Errors, by set.
    pub failed: BTreeMap<String, Vec<String>>,
    /// Number of CRDs in sets with an error.
    pub failed_crds: usize,
}

/// Chooses the sets. The choice does not change between runs.
pub fn subjects(projects: &[Project], which: Which) -> Vec<Subject> {
    projects.iter().flat_map(|project| of_project(project, which)).collect()
}

fn of_project(project: &Project, which: Which) -> Vec<Subject> {
    let sets = project.sets().sets;
    if which == Which::All || WHOLE.contains(&project.name.as_str()) {
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

/// Runs every check for which this machine has the tools.
pub fn run(subjects: &[Subject]) -> Result<Checked> {
    let mut checked =
        Checked { crds: subjects.iter().map(|subject| subject.set.crds.len()).sum(), ..Checked::default() };
    let mut projects: Vec<_> = subjects.iter().map(|subject| &subject.project).collect();
    projects.dedup();
    checked.projects = projects.len();
    rust(subjects, &mut checked)?;
    match Node::set_up()? {
        Ok(node) => {
            typescript(&node, subjects, &mut checked)?;
            redocly(&node, subjects, &mut checked)?;
        }
        Err(missing) => checked.skipped.push(format!("TypeScript and redocly: {}", missing.0)),
    }
    match Python::set_up()? {
        Ok(python) => openapi_spec(&python, subjects, &mut checked)?,
        Err(missing) => checked.skipped.push(format!("openapi-spec-validator: {}", missing.0)),
    }
    let failed = |subject: &&Subject| checked.failed.contains_key(&subject.set.name);
    checked.failed_crds = subjects.iter().filter(failed).map(|subject| subject.set.crds.len()).sum();
    Ok(checked)
}

impl Checked {
    fn add(&mut self, findings: Vec<Finding>) {
        for Finding { file, message } in findings {
            let set = file.components().next().map(|first| first.as_os_str().to_string_lossy().into_owned());
            let message = format!("{}: {message}", file.display());
            self.failed.entry(set.unwrap_or_default()).or_default().push(message);
        }
    }
}

/// Runs `cargo check` over a workspace with a crate for each set. It uses the lock file, profile and target
/// folder of this workspace, so that dependencies are compiled only once.
fn rust(subjects: &[Subject], checked: &mut Checked) -> Result<()> {
    let folder = workspace::scratch("corpus/rust");
    workspace::empty(&folder)?;
    let mut names = BTreeMap::new();
    for (index, subject) in subjects.iter().enumerate() {
        let name = format!("set_{index}");
        write_crate(&folder.join(&name), &name, &subject.output)?;
        names.insert(name, subject.set.name.as_str());
    }
    workspace::write(&folder.join("Cargo.toml"), &workspace_manifest()?)?;
    fs::copy(workspace::root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let mut cargo = process::cargo();
    cargo.args(["check", "--workspace", "--keep-going"]).current_dir(&folder);
    cargo.env("CARGO_TARGET_DIR", workspace::target());
    for (name, errors) in check::cargo_check(&mut cargo)? {
        let set = names.get(name.as_str()).copied().unwrap_or(&name);
        checked.failed.entry(set.to_owned()).or_default().extend(errors);
    }
    checked.by.push("cargo check");
    Ok(())
}

fn write_crate(folder: &Path, name: &str, output: &Output) -> Result<()> {
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         axum.workspace = true\ncrdgen-runtime.workspace = true\nk8s-openapi.workspace = true\nkube.workspace = true\n\
         serde.workspace = true\nserde_json.workspace = true\n"
    );
    workspace::write(&folder.join("Cargo.toml"), &manifest)?;
    workspace::write(&folder.join("src/lib.rs"), "pub mod generated;\n")?;
    for (path, text) in &output.rust {
        workspace::write(&folder.join("src/generated").join(path), text)?;
    }
    Ok(())
}

/// Returns the manifest of this workspace, with its dependencies and profiles but with other members.
fn workspace_manifest() -> Result<String> {
    let manifest = fs::read_to_string(workspace::root().join("Cargo.toml")).context("Cargo.toml")?;
    let mut manifest: toml::Table = manifest.parse()?;
    let mut dependencies = workspace::dependencies()?;
    let features = vec!["server", "memory", "k8s-openapi"];
    let runtime =
        dependencies.get_mut("crdgen-runtime").and_then(toml::Value::as_table_mut).context("crdgen-runtime")?;
    runtime.insert("features".to_owned(), features.into());
    let table = manifest.get_mut("workspace").and_then(toml::Value::as_table_mut).context("[workspace]")?;
    table.insert("members".to_owned(), vec!["set_*"].into());
    table.insert("dependencies".to_owned(), dependencies.into());
    Ok(manifest.to_string())
}

fn typescript(node: &Node, subjects: &[Subject], checked: &mut Checked) -> Result<()> {
    let folder = workspace::scratch("corpus/typescript");
    workspace::empty(&folder)?;
    for subject in subjects {
        for (path, text) in &subject.output.typescript {
            workspace::write(&folder.join(&subject.set.name).join(path), text)?;
        }
    }
    checked.add(check::typescript(node, &folder)?);
    checked.by.push("tsc --strict");
    Ok(())
}

fn openapi_spec(python: &Python, subjects: &[Subject], checked: &mut Checked) -> Result<()> {
    let (folder, files) = openapi(subjects)?;
    checked.add(check::openapi_spec(python, &folder, &files)?);
    checked.by.push("openapi-spec-validator");
    Ok(())
}

fn redocly(node: &Node, subjects: &[Subject], checked: &mut Checked) -> Result<()> {
    let (folder, files) = openapi(subjects)?;
    checked.add(check::openapi_lint(node, &folder, &files)?);
    checked.by.push("redocly lint");
    Ok(())
}

/// Writes the OpenAPI documents, in a folder for each set. Returns the root folder and the files.
fn openapi(subjects: &[Subject]) -> Result<(PathBuf, Vec<PathBuf>)> {
    let folder = workspace::scratch("corpus/openapi");
    workspace::empty(&folder)?;
    let mut files = Vec::new();
    for subject in subjects {
        for (path, text) in &subject.output.openapi {
            let file = Path::new(&subject.set.name).join(path);
            workspace::write(&folder.join(&file), text)?;
            files.push(file);
        }
    }
    Ok((folder, files))
}
