//! `crdgen validate`: checks objects as an API server would.

use std::io;

use clap::ValueEnum;
use crdgen_schema::{Diagnostic, collect, documents};

use super::reporting::ReportArgs;
use super::{CliError, ConfigArgs, Outcome, is_failure, working_directory};
use crate::pipeline;
use crate::project::{Reading, Request};
use crate::report::{Finding, Report, Reporter, count};
use crate::validate::{self, UnknownFields, Validation};

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

    #[command(flatten)]
    report: ReportArgs,

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
    let validation = validate::validate(&input.crds, &objects, args.unknown_fields.into());
    let is_unread = is_failure(&unread);
    args.report.show(&reported(&validation, unread, args), reporter)?;
    Ok(match (is_unread, validation.refused) {
        (true, _) => Outcome::Failed,
        (false, 0) => Outcome::Done,
        (false, _) => Outcome::Findings,
    })
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
