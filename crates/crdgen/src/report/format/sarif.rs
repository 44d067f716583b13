//! Findings as SARIF 2.1.0.
//!
//! Format: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use indexmap::IndexSet;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value as Json, json};

use super::report::{Report, message_and_help};
use crate::codes;
use crate::report::Finding;

/// Characters of a path that a URI reference escapes.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

pub(super) fn render(report: &Report) -> String {
    let codes: IndexSet<&str> = report.findings.iter().map(|finding| finding.diagnostic.code).collect();
    let results: Vec<_> = report
        .with_fingerprints()
        .map(|(finding, fingerprint)| {
            let index = codes.get_index_of(finding.diagnostic.code).unwrap_or_default();
            result(report, finding, fingerprint, index)
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "crdgen",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": codes.into_iter().map(rule).collect::<Vec<_>>(),
            } },
            "automationDetails": { "id": format!("{}/", report.command) },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

/// Returns the description of a code.
fn rule(code: &str) -> Json {
    match codes::find(code) {
        Some(entry) => json!({
            "id": code,
            "shortDescription": { "text": entry.title },
            "fullDescription": { "text": entry.cause },
            "help": { "text": entry.help, "markdown": entry.help },
        }),
        None => json!({ "id": code }),
    }
}

fn result(report: &Report, finding: &Finding, fingerprint: String, rule: usize) -> Json {
    let (file, line, column) = report.place(finding);
    let mut message = message_and_help(finding);
    for note in &finding.notes {
        message.push_str(&format!("\n\n{}:\n{}", note.title, note.text));
    }
    let name = match &finding.field {
        Some(field) => format!("{} {field}", finding.subject),
        None => finding.subject.clone(),
    };
    json!({
        "ruleId": finding.diagnostic.code,
        "ruleIndex": rule,
        "level": finding.level.as_str(),
        "message": { "text": message },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(&file) },
                "region": { "startLine": line, "startColumn": column },
            },
            "logicalLocations": [{ "fullyQualifiedName": name }],
        }],
        "partialFingerprints": { "crdgen/v1": fingerprint },
        "properties": finding.data,
    })
}

/// Returns a path as a URI reference: relative to the root of the sources, or absolute.
fn uri(path: &str) -> String {
    let escaped = utf8_percent_encode(path, ESCAPED);
    if path.starts_with('/') { format!("file://{escaped}") } else { escaped.to_string() }
}
