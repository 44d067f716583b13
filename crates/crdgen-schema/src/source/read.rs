//! Result of reading a source.

use crate::{Diagnostic, Node, Severity};

/// Values of the documents of one source, in order, and the diagnostics.
#[derive(Default)]
pub(super) struct Read {
    pub(super) roots: Vec<Node>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Read {
    pub(super) fn is_broken(&self) -> bool {
        self.diagnostics.iter().any(|found| found.severity == Severity::Error)
    }
}
