//! `pattern`: is it an expression that Go's RE2 takes?

use super::refuse;
use crate::re2;
use crate::report::{Path, Report};
use crate::schema::Schema;
use crate::shown;

const HELP: &str = "write it for RE2, Go's regular expressions: https://github.com/google/re2/wiki/Syntax";

/// Checks the pattern of a node or branch.
pub(super) fn check(schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    let Some(pattern) = &schema.bounds.pattern else { return };
    if let Err(problem) = re2::translate(pattern) {
        let message = format!("Go does not take the regular expression `{}`: {problem}", shown::plain(pattern));
        refuse(report, "schema::pattern", schema.span, &path.field("pattern"), message, HELP);
    }
}
