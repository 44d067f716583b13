//! `crdgen validate`: checks objects as an API server would.

use std::io::{self, Write};

use clap::ValueEnum;
use crdgen_schema::{Diagnostic, Document, collect, documents};
use serde_json::Value as Json;

use super::config_args::ConfigArgs;
use super::error::CliError;
use super::outcome::{Outcome, is_failure};
use super::reporting::ReportArgs;
use crate::pipeline;
use crate::project::{Reading, Request, working_directory};
use crate::report::{Finding, Report, Reporter, count};
use crate::validate::{self, Options, Skipped, UnknownFields, Validation};

/// Check objects against CRDs, as an API server would
///
/// An object is checked as an API server of Kubernetes 1.36 checks it at its creation, or at an update if `--old` has
/// the old object: types, required fields, formats, bounds, patterns, enums, unique lists, embedded objects, metadata,
/// defaults and CEL rules. Objects of groups without a CRD are skipped.
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

    /// Treatment of objects whose kind no CRD defines [default: error in groups and versions of the CRDs, else ignore]
    #[arg(long, value_name = "HOW")]
    skipped: Option<Unknown>,

    /// Files, folders or globs with old objects: an object that has an old object of the same name is checked as an
    /// update
    #[arg(long, value_name = "OBJECTS")]
    old: Vec<String>,

    /// Print each accepted object as an API server would store it, as JSON on standard output
    #[arg(long, conflicts_with = "format")]
    stored: bool,

    #[command(flatten)]
    report: ReportArgs,

    #[command(flatten)]
    config: ConfigArgs,
}

const EXAMPLES: &str = "\
Examples:
  crdgen validate manifests/ --crds crds/
  helm template . | crdgen validate - --crds crds/
  crdgen validate manifests/ --old released/ --crds crds/   # with transition rules
  crdgen validate widget.yaml --crds crds/ --stored
  crdgen validate widget.yaml --crds crds/ --format json | jq '.[].field'";

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Unknown {
    /// Report them as errors, as `kubectl apply` does
    Error,
    /// Report them as warnings
    Warn,
    /// Do not report them
    Ignore,
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

impl From<Option<Unknown>> for Skipped {
    fn from(unknown: Option<Unknown>) -> Self {
        match unknown {
            None => Self::KnownGroups,
            Some(Unknown::Error) => Self::Refused,
            Some(Unknown::Warn) => Self::Warned,
            Some(Unknown::Ignore) => Self::Ignored,
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
    let objects = read(&args.objects, &mut unread);
    let old = read(&args.old, &mut unread);
    let options = Options {
        unknown_fields: args.unknown_fields.into(),
        skipped: args.skipped.into(),
        old: &old,
        keeps_stored: args.stored,
    };
    let mut validation = validate::validate(&input.crds, &objects, options);
    unread.append(&mut validation.rules);
    let is_unread = is_failure(&unread);
    print(&validation.stored);
    args.report.show(&reported(&validation, unread, args), reporter)?;
    Ok(match (is_unread, validation.refused) {
        (true, _) => Outcome::Failed,
        (false, 0) => Outcome::Done,
        (false, _) => Outcome::Findings,
    })
}

fn read(inputs: &[String], unread: &mut Vec<Diagnostic>) -> Vec<Document> {
    let mut collected = collect(inputs, io::stdin().lock());
    unread.append(&mut collected.diagnostics);
    collected.sources.iter().flat_map(|source| documents(source, unread)).collect()
}

/// Prints objects as JSON, one after the other.
fn print(objects: &[Json]) {
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    // A reader that closes the pipe early is no error.
    let _ = objects.iter().try_for_each(|object| writeln!(out, "{object:#}")).and_then(|()| out.flush());
}

/// Returns the findings about objects and about files that could not be read.
fn reported(validation: &Validation, unread: Vec<Diagnostic>, args: &Args) -> Report {
    let unread = unread.into_iter().map(Finding::from);
    let findings = unread.chain(validation.findings.iter().cloned().map(Finding::from)).collect();
    let anchor = args.objects.first().cloned().unwrap_or_default();
    Report { command: "crdgen validate", findings, summary: summary(validation), anchor }
}

fn summary(validation: &Validation) -> String {
    let Validation { checked, refused, skipped, .. } = validation;
    let skipped = match skipped {
        0 => String::new(),
        skipped => format!(" ({} without a CRD skipped)", count(*skipped, "object")),
    };
    format!("{} checked{skipped}, {refused} refused", count(*checked, "object"))
}
