//! What is wrong, where, and what to do about it. Collected by every step, rendered once at the edge.

use std::sync::Arc;

use crate::{Source, Span};

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; the result is right.
    Warning,
    /// The CRD or the file cannot be used.
    Error,
}

/// A spot in a source file.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file's name and text.
    pub source: Arc<Source>,
    /// Where in it.
    pub span: Span,
}

/// One finding about the input.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// A stable identifier such as `crd::v1beta1`, for tests and machine formats.
    pub code: &'static str,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where; absent only when there is no file to point into.
    pub place: Option<Place>,
    /// The CRD's name (`plural.group`) and the path in it, for example `spec.versions[0].schema.openAPIV3Schema.properties.spec`.
    pub path: Option<String>,
    /// What the user can do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error without place yet.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, message: message.into(), place: None, path: None, help: None }
    }

    /// A warning without place yet.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Points at a spot.
    pub fn at(mut self, source: &Arc<Source>, span: Span) -> Self {
        self.place = Some(Place { source: source.clone(), span });
        self
    }

    /// Names the path within the CRD.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
