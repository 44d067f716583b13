//! `crdgen paths`: every path of every kind, with its type and the reason of the type's name.

mod entry;
mod table;

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use crdgen_model::PathPattern;
use crdgen_schema::{Diagnostic, nearest};

use super::{CliError, ConfigArgs, Outcome, generate, is_failure, working_directory};
use crate::lock::Record;
use crate::output::site::shown;
use crate::pipeline::{self, Versions};
use crate::project::{Reading, Request};
use crate::report::Reporter;
use entry::Entry;

/// List every path with its type and the reason of the type's name
///
/// `[[rust.override]]` in crdgen.toml takes these paths: copy one, or write `*` for one property and `**` for
/// any number of properties. On a terminal the output is a table. Elsewhere each path is one line with tabs
/// between group/version, path, type, name of the type, and reason of the name; the last two may be empty.
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

    /// `served`, `storage`, `all`, or version names separated by commas
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
  crdgen paths                                # of what crdgen.toml reads
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
  path            as [[rust.override]] takes it
  levels          `[]` for each list and `{}` for each map that the property is
  type            what stands there, in words
  name            the name of the type, or null where it has none
  why             why it has that name, or null:
                    kind        it is a kind's
                    view        [[view]] in crdgen.toml gives it
                    renamed     [[rust.override]] in crdgen.toml gives it
                    locked      crdgen.lock keeps it; another would be given today
                    kubernetes  it is the name of one of Kubernetes' own types
                    suffix      the shortest end of its path that no other type claims
                    spelled     its whole path, for everything shorter is taken
  locked          whether crdgen.lock has that name
  passed          shorter names that it could not have: a list of {name, by}, where `by` is the path
                  of the type that has the name, or null where several would have it
  untyped         why it is not typed any further, or null"
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
    if near.is_empty() { error } else { error.help(format!("near it: {}", near.join(", "))) }
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
