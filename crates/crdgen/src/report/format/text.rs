//! Findings as plain text: `file:line:column: level[code]: message`, with indented details.

use super::Report;
use crate::report::{Finding, Note};
use crate::text;

/// Returns all findings and the summary.
pub(super) fn render(report: &Report) -> String {
    let mut out: String = report.findings.iter().map(lines).collect();
    out.push_str(&report.summary);
    out.push('\n');
    out
}

/// Returns a finding with its details.
pub fn lines(finding: &Finding) -> String {
    let mut out = text::labelled(&finding.diagnostic, finding.level.as_str());
    out.extend(finding.notes.iter().map(note));
    out
}

/// Returns a note, indented below its finding.
pub fn note(Note { title, text }: &Note) -> String {
    let text = text::printable(text);
    let lines = text.lines().map(|line| format!("    {line}\n"));
    format!("  {}:\n{}", text::printable(title), lines.collect::<String>())
}
