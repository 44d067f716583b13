//! Checks of generated files with other tools: compilers, linters and formatters.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use crdgen::pipeline::Output;
use crdgen_harness::check::{self, Finding};
use crdgen_harness::tools::{Node, Python};
use crdgen_harness::workspace;
use serde::Serialize;

use super::Which;
use super::project::{Project, Set, output};
use super::rust::Programs;

/// Projects that the sample has whole: large ones, and those with the oddest schemas.
const WHOLE: [&str; 5] = ["argo-workflows", "gateway-api", "istio", "prometheus-operator", "tekton-pipeline"];

/// Minimum number of types of a CRD in the sample. Smaller CRDs show little.
const USEFUL_TYPES: usize = 8;

/// Output to check.
pub struct Subject {
    project: String,
    /// CRDs that are generated together.
    pub set: Set,
    /// Generated files.
    pub output: Output,
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
    /// Findings of rustfmt and clippy.
    pub tools: Tools,
}

/// Findings of the tools that every Rust package has.
#[derive(Clone, Copy, Default, Serialize)]
pub struct Tools {
    /// Number of files that rustfmt looked at, with each set of settings.
    pub files: usize,
    /// Number of files that rustfmt would change.
    pub reformatted: usize,
    /// Number of packages that clippy looked at.
    pub linted: usize,
    /// Number of clippy's warnings.
    pub warnings: usize,
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

/// Runs every check for which this machine has the tools.
pub fn run(subjects: &[Subject]) -> Result<Checked> {
    let mut checked = rust(subjects)?;
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
    Ok(checked.counted(subjects))
}

/// Runs rustfmt and clippy.
pub fn tools(subjects: &[Subject]) -> Result<Checked> {
    Ok(rust(subjects)?.counted(subjects))
}

fn rust(subjects: &[Subject]) -> Result<Checked> {
    let mut checked = Checked::of(subjects);
    let programs = Programs::write(subjects)?;
    programs.format(&mut checked)?;
    programs.lint(&mut checked)?;
    Ok(checked)
}

impl Checked {
    fn of(subjects: &[Subject]) -> Self {
        let mut projects: Vec<_> = subjects.iter().map(|subject| &subject.project).collect();
        projects.dedup();
        let crds = subjects.iter().map(|subject| subject.set.crds.len()).sum();
        Self { crds, projects: projects.len(), ..Self::default() }
    }

    fn counted(mut self, subjects: &[Subject]) -> Self {
        let failed = |subject: &&Subject| self.failed.contains_key(&subject.set.name);
        self.failed_crds = subjects.iter().filter(failed).map(|subject| subject.set.crds.len()).sum();
        self
    }

    /// Adds errors of a set, if there are any.
    pub fn fail(&mut self, set: &str, errors: impl IntoIterator<Item = String>) {
        let mut errors = errors.into_iter().peekable();
        if errors.peek().is_some() {
            self.failed.entry(set.to_owned()).or_default().extend(errors);
        }
    }

    fn add(&mut self, findings: Vec<Finding>) {
        for Finding { file, message } in findings {
            let set = file.components().next().map(|first| first.as_os_str().to_string_lossy().into_owned());
            let message = format!("{}: {message}", file.display());
            self.failed.entry(set.unwrap_or_default()).or_default().push(message);
        }
    }
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
