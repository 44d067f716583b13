//! Findings as workflow commands of GitHub Actions, which show them as annotations.
//!
//! Format: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>. A runner reads a
//! command from each line of standard output.

use std::fmt::Write as _;

use super::report::{Report, message_and_help};
use crate::report::Level;

pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        let (file, line, column) = report.place(finding);
        let command = match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "notice",
        };
        let title = property(&format!("{}: {}", finding.subject, finding.diagnostic.code));
        let message = data(&message_and_help(finding));
        writeln!(out, "::{command} file={},line={line},col={column},title={title}::{message}", property(&file))
            .expect("writing to a string");
    }
    // Words at the start of a line are no command, so the summary is text in the log.
    out.push_str(&data(&report.summary));
    out.push('\n');
    out
}

/// Escapes the message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
