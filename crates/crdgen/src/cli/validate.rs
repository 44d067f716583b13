//! `crdgen validate`: checks objects as an API server would.

use std::io::{self, Write};

use clap::ValueEnum;
use crdgen_schema::{Diagnostic, Severity, collect, documents};
use serde::Serialize;

use super::{CliError, ConfigArgs, Outcome, is_failure, working_directory};
use crate::pipeline;
use crate::project::{Reading, Request};
use crate::report::{Reporter, count};
use crate::validate::{self, Finding, Report, UnknownFields};

/// Check objects against CRDs, as an API server would
///
/// Types, required fields, formats, bounds, patterns, choices, unique lists, embedded objects, metadata and
/// defaults are checked as an API server of Kubernetes 1.36 checks them when the object is created. Objects
/// whose kind has no CRD are skipped.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Files with objects, folders, globs, or `-` for standard input
    #[arg(value_name = "OBJECTS", required = true)]
    objects: Vec<String>,

    /// CRD files, folders, globs, or `-`; may be repeated [default: the inputs of crdgen.toml]
    #[arg(long, value_name = "INPUT")]
    crds: Vec<String>,

    /// Treatment of fields that no schema declares
    #[arg(long, value_name = "HOW", default_value = "error")]
    unknown_fields: Unknown,

    /// Format of the findings
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    #[command(flatten)]
    config: ConfigArgs,
}

const EXAMPLES: &str = "\
Examples:
  crdgen validate manifests/ --crds crds/
  helm template . | crdgen validate - --crds crds/
  crdgen validate widget.yaml --crds crds/ --format json | jq '.[].field'";

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Unknown {
    /// Report them as errors, as `kubectl apply` does
    Error,
    /// Report them as warnings; a server drops them
    Warn,
    /// Do not report them
    Ignore,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text on standard error
    Text,
    /// One JSON list on standard output
    Json,
}

impl From<Unknown> for UnknownFields {
    fn from(unknown: Unknown) -> Self {
        match unknown {
            Unknown::Error => Self::Refused,
            Unknown::Warn => Self::Warned,
            Unknown::Ignore => Self::Ignored,
        }
    }
}

impl Args {
    fn request(&self) -> Request {
        Request { config: self.config.file(), inputs: self.crds.clone(), ..Request::default() }
    }
}

pub(super) fn run(args: &Args, reporter: &Reporter) -> Result<Outcome, CliError> {
    let reading = Reading::new(args.request(), &working_directory()?)
        .map_err(|problem| CliError::at_start("validate", problem))?;
    let input = pipeline::read(&reading.inputs, io::stdin().lock());
    let mut unread = input.diagnostics;
    if is_failure(&unread) && input.crds.is_empty() {
        return Err(CliError::Failed(unread));
    }
    let mut collected = collect(&args.objects, io::stdin().lock());
    unread.append(&mut collected.diagnostics);
    let objects: Vec<_> = collected.sources.iter().flat_map(|source| documents(source, &mut unread)).collect();
    let mut report = validate::validate(&input.crds, &objects, args.unknown_fields.into());
    unread.append(&mut report.rules);
    show(&report, &unread, args.format, reporter);
    Ok(match (is_failure(&unread), report.refused) {
        (true, _) => Outcome::Failed,
        (false, 0) => Outcome::Done,
        (false, _) => Outcome::Findings,
    })
}

fn show(report: &Report, unread: &[Diagnostic], format: Format, reporter: &Reporter) {
    let mut diagnostics = unread.to_vec();
    match format {
        Format::Text => diagnostics.extend(report.findings.iter().map(|finding| finding.diagnostic.clone())),
        Format::Json => {
            let rows: Vec<Row<'_>> = report.findings.iter().map(Row::of).collect();
            let json = serde_json::to_string_pretty(&rows).expect("rows are JSON");
            // A reader that closes the pipe early is no error.
            let _ = writeln!(anstream::stdout().lock(), "{json}");
        }
    }
    reporter.diagnostics(&diagnostics);
    reporter.say(&summary(report));
}

fn summary(report: &Report) -> String {
    let Report { checked, refused, skipped, .. } = report;
    let skipped = match skipped {
        0 => String::new(),
        skipped => format!(" ({} without a CRD skipped)", count(*skipped, "object")),
    };
    format!("{} checked{skipped}, {refused} refused", count(*checked, "object"))
}

/// A finding as a JSON object.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    severity: &'static str,
    code: &'static str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    api_version: &'a str,
    kind: &'a str,
    namespace: &'a str,
    name: &'a str,
    field: Option<&'a str>,
    reason: Option<&'static str>,
    message: &'a str,
    schema: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn of(finding: &'a Finding) -> Self {
        let Finding { diagnostic, object, field, reason } = finding;
        let place = diagnostic.place.as_ref();
        Self {
            severity: if diagnostic.severity == Severity::Error { "error" } else { "warning" },
            code: diagnostic.code,
            file: place.map(|place| place.source.name.as_str()),
            line: place.map(|place| place.span.line),
            column: place.map(|place| place.span.column),
            api_version: &object.api_version,
            kind: &object.kind,
            namespace: &object.namespace,
            name: &object.name,
            field: field.as_deref(),
            reason: *reason,
            message: &diagnostic.message,
            schema: diagnostic.path.as_deref(),
        }
    }
}
