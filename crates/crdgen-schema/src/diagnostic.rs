//! Diagnostics: problems in the input, with place and help. Every step collects them; the caller renders them once.

use std::sync::Arc;

use crate::{Source, Span};

/// Severity of a diagnostic. `Warning` is less than `Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A problem that leaves the result correct.
    Warning,
    /// A problem that makes the CRD or the file unusable.
    Error,
}

/// Position in a source.
#[derive(Clone, Debug)]
pub struct Place {
    /// Source with its name and text.
    pub source: Arc<Source>,
    /// Position within the source.
    pub span: Span,
}

/// Problem found in the input.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// A stable identifier such as `crd::v1beta1`, for tests and machine formats.
    pub code: &'static str,
    /// Problem in one sentence.
    pub message: String,
    /// Position of the problem. `None` only when there is no file to point into.
    pub place: Option<Place>,
    /// Name of the CRD (`plural.group`) and path within the CRD, for example `boats.example.com:
    /// spec.versions[0].schema.openAPIV3Schema.properties.spec`.
    pub path: Option<String>,
    /// Advice on how to fix the problem.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Creates an error without a place.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, message: message.into(), place: None, path: None, help: None }
    }

    /// Creates a warning without a place.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Sets the place.
    pub fn at(mut self, source: &Arc<Source>, span: Span) -> Self {
        self.place = Some(Place { source: source.clone(), span });
        self
    }

    /// Sets the path within the CRD.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Sets the advice on how to fix the problem.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
