//! Result of a command, which decides its exit code.

use crdgen_schema::{Diagnostic, Severity};

/// Result of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    Failed,
    Findings,
}

/// Returns whether there is an error among findings.
pub(super) fn is_failure(found: &[Diagnostic]) -> bool {
    found.iter().any(|found| found.severity == Severity::Error)
}
