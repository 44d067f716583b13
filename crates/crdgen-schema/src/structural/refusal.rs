//! Errors about schema nodes.

use crate::report::{Path, Report};
use crate::{Diagnostic, Span};

/// Adds an error about a schema node, with help.
pub(super) fn refuse(
    report: &mut Report<'_>,
    code: &'static str,
    span: Span,
    path: &Path<'_>,
    message: impl Into<String>,
    help: impl Into<String>,
) {
    report.add(Diagnostic::error(code, message).help(help), span, path);
}
