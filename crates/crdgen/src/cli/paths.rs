//! `crdgen paths`: every path of every kind, with its type and the reason of the type's name.

mod entry;
mod table;

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use crdgen_model::PathPattern;
use crdgen_schema::{Diagnostic, nearest};

use super::config_args::ConfigArgs;
use super::error::CliError;
use super::generate;
use super::outcome::{Outcome, is_failure};
use crate::lock::Record;
use crate::output::site::shown;
use crate::pipeline::{self, Versions};
use crate::project::{Reading, Request, working_directory};
use crate::report::Reporter;
use entry::Entry;

/// List every path with its type and the reason for the type's name
///
/// `[[rust.override]]` in crdgen.toml takes these paths: copy one, or write `*` for one property and `**` for
/// any number of properties. On a terminal the output is a table. Elsewhere each path is one line with tabs
/// between group/version, path, type, name of the type, and reason for the name; the last two may be empty.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, after_long_help = AFTER)]
pub(super) struct Args {
    /// CRD files, folders, globs, or `-` for standard input [default: the inputs of crdgen.toml]
    #[arg(value_name = "INPUTS")]
    inputs: Vec<String>,

    /// List only paths that match one of these patterns
    #[arg(short, long, value_name = "PATTERN")]
    path: Vec<PathPattern>,

    /// List only these kinds and views (`Kind` or `Kind.group`), separated by commas
    #[arg(short, long, value_name = "KINDS", value_delimiter = ',')]
    kind: Vec<String>,

    /// List only places that could not be typed, with the reason
    #[arg(long)]
    untyped: bool,

    /// Print a JSON list with an object for each path
    #[arg(long)]
    json: bool,

    /// Versions to use: `served`, `storage`, `all`, or names separated by commas [default: served]
    #[arg(long, value_name = "VERSIONS", value_parser = generate::parse_versions)]
    versions: Option<Versions>,

    #[command(flatten)]
    config: ConfigArgs,

    /// Use this lock file
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,
}

macro_rules! examples {
    () => {
        "\
Examples:
  crdgen paths                                # the CRDs of crdgen.toml
  crdgen paths crds/ --kind PipelineRun
  crdgen paths --path '**.secretRef'
  crdgen paths --untyped
  crdgen paths --json | jq '.[] | select(.why == \"suffix\") | .name'"
    };
}

const EXAMPLES: &str = examples!();

const AFTER: &str = concat!(
    examples!(),
    "

JSON, an object for each path; every key is always there:
  group, version  of the resource
  path            in the form that [[rust.override]] takes
  levels          `[]` for each level of lists and `{}` for each level of maps of the property
  type            the type in words
  name            the name of the Rust type, or null if there is no type of its own
  why             the reason of the name, or null:
                    kind        the name of the kind
                    view        set by [[view]] in crdgen.toml
                    renamed     set by [[rust.override]] in crdgen.toml
                    locked      kept by crdgen.lock; without the lock it would be another name
                    kubernetes  the name of one of Kubernetes' own types
                    suffix      the shortest end of the path that no other type claims
                    spelled     the whole path, because every shorter name is taken
  locked          whether crdgen.lock has that name
  passed          shorter names that were not free: a list of {name, by}, where `by` is the path of
                  the type that has the name, or null if several types would have it
  untyped         the reason why the value has no exact type, or null"
);

impl Args {
    fn request(&self) -> Request {
        Request {
            config: self.config.file(),
            inputs: self.inputs.clone(),
            versions: self.versions.clone(),
            lock: self.lock.clone(),
            ..Request::default()
        }
    }

    fn is_asked_for(&self, entry: &Entry) -> bool {
        let of_kind = self.kind.is_empty() || self.kind.iter().any(|kind| entry.is_of(kind));
        let matches = |pattern: &PathPattern| {
            let path = format!("{}{}", entry.path, entry.levels);
            pattern.matches(&entry.group, &entry.version, &path)
        };
        of_kind && (self.path.is_empty() || self.path.iter().any(matches)) && (!self.untyped || entry.untyped.is_some())
    }

    /// Returns an error for each kind and path that is asked for and does not exist.
    fn mistakes(&self, entries: &[Entry]) -> Vec<Diagnostic> {
        let kinds = self.kind.iter().filter(|kind| !entries.iter().any(|entry| entry.is_of(kind))).map(|kind| {
            let there = entries.iter().filter(|entry| !entry.path.contains('.')).map(|entry| entry.path.as_str());
            not_there("paths::kind", format!("there is no kind and no view `{kind}`"), kind, there)
        });
        let paths = self.path.iter().filter(|pattern| !entries.iter().any(|entry| entry.matches(pattern)));
        let paths = paths.map(|pattern| {
            let there = entries.iter().map(|entry| entry.path.as_str());
            not_there("paths::path", format!("no path matches `{pattern}`"), pattern.path(), there)
        });
        kinds.chain(paths).collect()
    }
}

fn not_there<'a>(code: &'static str, message: String, asked: &str, there: impl Iterator<Item = &'a str>) -> Diagnostic {
    let near = nearest(asked, there);
    let error = Diagnostic::error(code, message);
    if near.is_empty() { error } else { error.help(format!("similar: {}", near.join(", "))) }
}

pub(super) fn run(args: &Args, reporter: &Reporter) -> Result<Outcome, CliError> {
    let working_directory = working_directory()?;
    let reading =
        Reading::new(args.request(), &working_directory).map_err(|problem| CliError::at_start("paths", problem))?;
    let record = Record::read(&reading.lock, &shown(&reading.lock, &working_directory))?;
    let input = pipeline::read(&reading.inputs, io::stdin().lock());
    let failed = is_failure(&input.diagnostics);
    if failed && input.crds.is_empty() {
        return Err(CliError::Failed(input.diagnostics));
    }
    reporter.diagnostics(&input.diagnostics);
    let entries = entry::entries(&input.crds, &reading.selection, &record.lock.names)
        .map_err(|error| CliError::Failed(error.into_diagnostics()))?;
    let mistakes = args.mistakes(&entries);
    if !mistakes.is_empty() {
        return Err(CliError::Failed(mistakes));
    }
    let entries: Vec<Entry> = entries.into_iter().filter(|entry| args.is_asked_for(entry)).collect();
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    // A reader that closes the pipe early is no error.
    let _ = match (args.json, io::stdout().is_terminal()) {
        (true, _) => entry::json(&entries, &mut out),
        (false, true) => table::aligned(&entries, table::width(), &mut out),
        (false, false) => table::tabbed(&entries, &mut out),
    }
    .and_then(|()| out.flush());
    Ok(if failed { Outcome::Failed } else { Outcome::Done })
}
