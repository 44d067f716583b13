//! `crdgen explain`: prints the meaning of a diagnostic code.

use std::fmt::Write as _;
use std::io::Write as _;

use clap::error::ErrorKind;
use crdgen_diff::{Axis, Rule, rules};
use crdgen_schema::nearest;

use super::{CliError, Outcome, usage_of_kind};
use crate::codes::{self, Entry};

/// Explain the code of a diagnostic or a rule of `lint` or `diff`, or list all codes
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  crdgen explain schema::no-type")]
pub(super) struct Args {
    /// Code in the brackets of a diagnostic, or the id of a rule; without it, all codes are listed with their titles
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    let text = match &args.code {
        Some(code) => {
            let entry = codes::find(code).or_else(|| codes::find(&format!("lint::{code}")));
            match (entry, rules::find(code)) {
                (Some(entry), _) => explanation(entry),
                (None, Some(rule)) => of_rule(rule),
                (None, None) => return Err(unknown(code)),
            }
        }
        None => list(),
    };
    // A reader that closes the pipe early is no error.
    let _ = anstream::stdout().lock().write_all(text.as_bytes());
    Ok(Outcome::Done)
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
