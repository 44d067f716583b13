//! Findings as a Code Quality report of GitLab.
//!
//! Format: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use serde::Serialize;

use super::report::{Report, message_and_help};
use crate::report::Level;

/// Entry of the report.
#[derive(Serialize)]
struct Entry<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

pub(super) fn render(report: &Report) -> String {
    let entries: Vec<_> = report
        .with_fingerprints()
        .map(|(finding, fingerprint)| {
            let (path, begin, _) = report.place(finding);
            Entry {
                description: format!("{}: {}", finding.subject, message_and_help(finding)),
                check_name: finding.diagnostic.code,
                fingerprint,
                severity: match finding.level {
                    Level::Error => "major",
                    Level::Warning => "minor",
                    Level::Note => "info",
                },
                location: Location { path, lines: Lines { begin } },
            }
        })
        .collect();
    let json = serde_json::to_string_pretty(&entries).expect("entries are JSON");
    format!("{json}\n")
}
