//! Findings as one JSON list.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::Report;
use crate::report::{Finding, Level, Note};

/// A finding.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "Report of crdgen", rename = "Finding")]
pub(super) struct Row<'a> {
    /// Level. A finding of level `error` makes the exit code 100.
    severity: Level,
    /// Stable code, for example `lint::float`. `crdgen explain CODE` explains it.
    code: &'a str,
    /// 12 hexadecimal digits that identify the finding in later runs. Lines and the message do not change them.
    #[schemars(regex(pattern = "^[0-9a-f]{12}$"))]
    fingerprint: String,
    /// Subject: a CRD with its version, an object, or a file.
    subject: &'a str,
    /// File as it was given, or found below a folder that was given; null if there is none.
    file: Option<&'a str>,
    /// Line in the file, from 1.
    #[schemars(range(min = 1))]
    line: Option<usize>,
    /// Column in characters, from 1.
    #[schemars(range(min = 1))]
    column: Option<usize>,
    /// Path of the value, for example `spec.ports[0].name`.
    field: Option<&'a str>,
    /// Problem in one sentence.
    message: &'a str,
    /// Name of the CRD and the path in its schema.
    schema: Option<&'a str>,
    /// Advice.
    help: Option<&'a str>,
    /// Details with several lines.
    notes: &'a [Note],
    /// Values that depend on the command.
    #[serde(flatten)]
    data: &'a Map<String, Json>,
}

pub(super) fn render(report: &Report) -> String {
    let rows: Vec<_> = report.with_fingerprints().map(|(finding, fingerprint)| Row::of(finding, fingerprint)).collect();
    let json = serde_json::to_string_pretty(&rows).expect("rows are JSON");
    format!("{json}\n")
}

/// Returns the JSON Schema of a report, in draft 2020-12.
pub fn schema() -> String {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Vec<Row<'static>>>();
    let mut schema = Json::from(schema);
    schema["title"] = "Report of crdgen".into();
    schema["description"] = "Findings of a crdgen command with `--format json`.".into();
    format!("{schema:#}\n")
}

impl<'a> Row<'a> {
    fn of(finding: &'a Finding, fingerprint: String) -> Self {
        let Finding { diagnostic, level, subject, field, notes, data } = finding;
        let place = diagnostic.place.as_ref();
        Self {
            severity: *level,
            code: diagnostic.code,
            fingerprint,
            subject,
            file: place.map(|place| place.source.name.as_str()),
            line: place.map(|place| place.span.line),
            column: place.map(|place| place.span.column),
            field: field.as_deref(),
            message: &diagnostic.message,
            schema: diagnostic.path.as_deref(),
            help: diagnostic.help.as_deref(),
            notes,
            data,
        }
    }
}
