//! Problems with the rules of a CRD, as diagnostics.

use crate::report::{Path, Report};
use crate::schema::Schema;
use crate::{Diagnostic, Severity};

/// Problems found so far, and the severity of those that an API server would find too.
pub(super) struct Problems<'r, 's> {
    pub(super) severity: Severity,
    pub(super) report: &'r mut Report<'s>,
}

impl Problems<'_, '_> {
    pub(super) fn unchecked(&mut self, text: &str, reason: &str, schema: &Schema, path: &Path<'_>) {
        let warning = Diagnostic::warning("cel::unchecked", format!("only an API server can check `{text}`: {reason}"));
        self.report.add(warning, schema.span, path);
    }

    pub(super) fn add(&mut self, code: &'static str, schema: &Schema, path: &Path<'_>, message: String, help: &str) {
        let diagnostic = Diagnostic { severity: self.severity, ..Diagnostic::error(code, message) };
        self.report.add(diagnostic.help(help), schema.span, path);
    }
}
