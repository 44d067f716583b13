//! `crdgen explain`: prints the meaning of a diagnostic code, or the documentation of a field.

mod field;

use std::fmt::Write as _;
use std::io::Write as _;

use clap::error::ErrorKind;
use crdgen_diff::{Axis, Rule, rules};
use crdgen_schema::nearest;

use super::{CliError, ConfigArgs, Outcome, usage_of_kind};
use crate::codes::{self, Entry};
use crate::report::Reporter;

/// Explain the code of a diagnostic, a rule of `lint` or `diff`, or a field of a kind, or list all codes
///
/// A field is named as KIND.path, for example `pipelinerun.spec.params`. Leave out the signs `[]` of lists and `{}` of
/// maps. The names of generated types are printed if there is a config file.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Code in the brackets of a diagnostic, id of a rule, or KIND[.path]; without it, all codes are listed
    #[arg(value_name = "CODE|KIND[.PATH]")]
    topic: Option<String>,

    /// CRD files, folders, globs, or `-` for standard input, for a field [default: the inputs of crdgen.toml]
    #[arg(value_name = "INPUTS", requires = "topic")]
    inputs: Vec<String>,

    #[command(flatten)]
    config: ConfigArgs,
}

const EXAMPLES: &str = "\
Examples:
  crdgen explain schema::no-type
  crdgen explain pipelinerun.spec.params          # a field of the CRDs of crdgen.toml
  crdgen explain pipelinerun crds/";

pub(super) fn run(args: &Args, reporter: &Reporter) -> Result<Outcome, CliError> {
    let (text, outcome) = match &args.topic {
        None => (list(), Outcome::Done),
        Some(topic) => match found(topic) {
            Some(text) if args.inputs.is_empty() => (text, Outcome::Done),
            _ => field::explained(topic, &args.inputs, args.config.file(), reporter)?,
        },
    };
    // A reader that closes the pipe early is no error.
    let _ = anstream::stdout().lock().write_all(text.as_bytes());
    Ok(outcome)
}

/// Returns the explanation of a diagnostic code, or of a rule of `lint` or `diff`.
fn found(code: &str) -> Option<String> {
    let entry = codes::find(code).or_else(|| codes::find(&format!("lint::{code}")));
    entry.map(explanation).or_else(|| rules::find(code).map(of_rule))
}

fn explanation(entry: &Entry) -> String {
    let Entry { code, title, cause, help } = entry;
    format!("{code}: {title}\n\n{}\n\n{}\n", wrapped(cause), wrapped(help))
}

fn of_rule(rule: &Rule) -> String {
    let Rule { id, title, why, verdicts, reference } = rule;
    let verdicts = Axis::ALL.map(|axis| format!("{axis} {}", verdicts.on(axis))).join(", ");
    format!("{id}: {title}\n\n{}\n\nVerdicts in spec: {verdicts}\n\n{reference}\n", wrapped(why))
}

/// Maximum number of columns of an explanation.
const WIDTH: usize = 100;

/// Returns a text in lines of at most [`WIDTH`] columns. A longer word has a line of its own.
fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        let width = word.chars().count();
        if column > 0 {
            let fits = column + 1 + width <= WIDTH;
            lines.push(if fits { ' ' } else { '\n' });
            column = if fits { column + 1 } else { 0 };
        }
        lines.push_str(word);
        column += width;
    }
    lines
}

fn list() -> String {
    let width = codes::all().map(|entry| entry.code.len()).max().unwrap_or_default();
    codes::all().fold(String::new(), |mut lines, Entry { code, title, .. }| {
        let _ = writeln!(lines, "{code:<width$}  {title}");
        lines
    })
}

fn unknown(code: &str) -> CliError {
    let near = nearest(code, codes::all().map(|entry| entry.code).chain(rules::all().map(|rule| rule.id)));
    let meant = match near.first() {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`crdgen explain` lists all codes".to_owned(),
    };
    usage_of_kind(ErrorKind::InvalidValue, "explain", &format!("no diagnostic has the code `{code}`: {meant}"))
}
