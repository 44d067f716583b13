//! Explanation of a diagnostic code, or of a rule.

use std::fmt::Write as _;

use clap::error::ErrorKind;
use crdgen_diff::{Axis, Rule, rules};
use crdgen_schema::nearest;

use super::paragraph::wrapped;
use crate::cli::error::{CliError, usage_of_kind};
use crate::codes::{self, Entry};

/// Returns the explanation of a diagnostic code, or of a rule of `lint` or `diff`.
pub(super) fn found(code: &str) -> Option<String> {
    let entry = codes::find(code).or_else(|| codes::find(&format!("lint::{code}")));
    entry.map(explanation).or_else(|| rules::find(code).map(of_rule))
}

fn explanation(entry: &Entry) -> String {
    let Entry { code, title, cause, help } = entry;
    format!("{code}: {title}\n\n{}\n\n{}\n", wrapped(cause), wrapped(help))
}

fn of_rule(rule: &Rule) -> String {
    let Rule { id, title, why, verdicts, reference } = rule;
    let verdicts = Axis::ALL.map(|axis| format!("{axis} {}", verdicts.on(axis))).join(", ");
    format!("{id}: {title}\n\n{}\n\nVerdicts in spec: {verdicts}\n\n{reference}\n", wrapped(why))
}

/// Returns all codes with their titles, one a line.
pub(super) fn list() -> String {
    let width = codes::all().map(|entry| entry.code.len()).max().unwrap_or_default();
    codes::all().fold(String::new(), |mut lines, Entry { code, title, .. }| {
        let _ = writeln!(lines, "{code:<width$}  {title}");
        lines
    })
}

/// Returns the error for a topic that is no code, with the code that may have been meant.
pub(super) fn unknown(code: &str) -> CliError {
    let near = nearest(code, codes::all().map(|entry| entry.code).chain(rules::all().map(|rule| rule.id)));
    let meant = match near.first() {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`crdgen explain` lists all codes".to_owned(),
    };
    usage_of_kind(ErrorKind::InvalidValue, "explain", &format!("no diagnostic has the code `{code}`: {meant}"))
}
