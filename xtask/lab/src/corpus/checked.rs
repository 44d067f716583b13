//! Output to check, and the results of the checks.

use std::collections::BTreeMap;

use crdgen::pipeline::Output;
use crdgen_harness::check::Finding;
use serde::Serialize;

use super::project::Set;

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

/// Output to check.
pub struct Subject {
    pub project: String,
    /// CRDs that are generated together.
    pub set: Set,
    /// Generated files.
    pub output: Output,
}

impl Checked {
    pub fn of(subjects: &[Subject]) -> Self {
        let mut projects: Vec<_> = subjects.iter().map(|subject| &subject.project).collect();
        projects.dedup();
        let crds = subjects.iter().map(|subject| subject.set.crds.len()).sum();
        Self { crds, projects: projects.len(), ..Self::default() }
    }

    pub fn counted(mut self, subjects: &[Subject]) -> Self {
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

    pub fn add(&mut self, findings: Vec<Finding>) {
        for Finding { file, message } in findings {
            let set = file.components().next().map(|first| first.as_os_str().to_string_lossy().into_owned());
            let message = format!("{}: {message}", file.display());
            self.failed.entry(set.unwrap_or_default()).or_default().push(message);
        }
    }
}
