//! Checks of `pattern`: whether Go's RE2 accepts the expression.

use crdgen_cel::re2::{self, Patterns};

use super::refusal::refuse;
use crate::Diagnostic;
use crate::report::{Path, Report};
use crate::schema::Schema;
use crate::truncate;

const HELP: &str = "use the syntax of Go's regular expressions, RE2: https://github.com/google/re2/wiki/Syntax";

/// Checks the pattern of a node or branch.
pub(super) fn check(schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    let Some(pattern) = &schema.bounds.pattern else { return };
    if let Err(problem) = re2::translate(pattern) {
        let message = format!("the regular expression `{}` is not valid in Go: {problem}", truncate::plain(pattern));
        refuse(report, "schema::pattern", schema.span, &path.field("pattern"), message, HELP);
    }
}

/// Warns of each pattern that is too heavy to be compiled here.
pub(super) fn check_weights(root: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    check_weight(root, &mut Patterns::new(), path, report);
}

fn check_weight(schema: &Schema, patterns: &mut Patterns, path: &Path<'_>, report: &mut Report<'_>) {
    if let Some(source) = &schema.bounds.pattern
        && patterns.get(source).is_too_heavy()
    {
        let message =
            format!("the regular expression `{}` is too large for crdgen to compile", truncate::plain(source));
        let warning = Diagnostic::warning("schema::heavy-pattern", message)
            .help("only an API server checks values against it; use smaller repetition counts, or `maxLength`");
        report.add(warning, schema.span, &path.field("pattern"));
    }
    schema.each_below(path, &mut |below, path| check_weight(below, patterns, path, report));
}
