//! `crdgen diff`: compares the CRDs of two releases and says who breaks.

mod convert;
mod git;
mod list;
mod sides;

use std::collections::BTreeSet;

use clap::ValueEnum;
use crdgen_diff::{Axis, Finding, Verdict, compare, prove};
use crdgen_schema::Crd;

use super::reporting::ReportArgs;
use super::{CliError, ConfigArgs, Outcome, is_failure, working_directory};
use crate::report::{Level, Report, Reporter, count};
use sides::Sides;

/// Compare the CRDs of two releases: who breaks, and do stored objects survive?
///
/// Each finding has a rule (`crdgen explain RULE`) and verdicts for those who write objects, those who read them, the
/// objects in the store, and generated code. A finding that breaks objects shows an object that the old CRD accepts and
/// the new one refuses, or stores without a field.
///
/// A side is a file, a folder, a glob, `-` for standard input, or a path in a git revision (`v1.2.0:config/crd`). CRDs of
/// both sides belong together if group and plural are equal.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// OLD and NEW; with `--base` or `--since-tag` the new files [default: the inputs of crdgen.toml]
    #[arg(value_name = "INPUT", required_unless_present_any = ["base", "since_tag", "list_rules"])]
    inputs: Vec<String>,

    /// Compare with the merge base of this git revision and HEAD
    #[arg(long, value_name = "REVISION", conflicts_with = "since_tag")]
    base: Option<String>,

    /// Compare with the newest git tag before HEAD; only tags that match the glob count
    #[arg(long, value_name = "GLOB", num_args = 0..=1, default_missing_value = "*")]
    since_tag: Option<String>,

    /// Parties for which a break is an error, separated by commas
    #[arg(long, value_name = "PARTIES", value_delimiter = ',', default_value = "writer,stored")]
    fail_on: Vec<Party>,

    /// Report harmless changes too, such as changed descriptions
    #[arg(long)]
    all: bool,

    /// Do not look for objects that break
    #[arg(long)]
    no_witnesses: bool,

    /// List the rules with their verdicts
    #[arg(long, conflicts_with_all = ["base", "since_tag", "inputs"])]
    list_rules: bool,

    #[command(flatten)]
    report: ReportArgs,

    #[command(flatten)]
    config: ConfigArgs,
}

const EXAMPLES: &str = "\
Examples:
  crdgen diff old/ new/
  crdgen diff v1.2.0:config/crd config/crd
  crdgen diff --base origin/main --format markdown
  kustomize build config/crd | crdgen diff v1.2.0:config/crd/bases -";

/// Party of `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Party {
    /// Those who write objects
    Writer,
    /// Clients with types of the old schema
    Reader,
    /// Objects in the store
    Stored,
    /// Programs with generated code
    Source,
    /// Nobody: no change is an error
    None,
}

impl Party {
    fn axis(self) -> Option<Axis> {
        match self {
            Self::Writer => Some(Axis::Writer),
            Self::Reader => Some(Axis::Reader),
            Self::Stored => Some(Axis::Stored),
            Self::Source => Some(Axis::Source),
            Self::None => None,
        }
    }
}

pub(super) fn run(args: &Args, reporter: &Reporter) -> Result<Outcome, CliError> {
    if args.list_rules {
        return Ok(list::print(reporter));
    }
    let sides = Sides::read(args, &working_directory()?)?;
    if is_failure(&sides.diagnostics) && sides.old.is_empty() && sides.new.is_empty() {
        return Err(CliError::Failed(sides.diagnostics));
    }
    let mut findings = compare(&sides.old, &sides.new);
    if !args.no_witnesses {
        prove(&sides.old, &sides.new, &mut findings);
    }
    let is_unread = is_failure(&sides.diagnostics);
    let report = report(args, sides, &findings);
    args.report.show(&report, reporter)?;
    Ok(match (is_unread, report.count(Level::Error)) {
        (true, _) => Outcome::Failed,
        (false, 0) => Outcome::Done,
        (false, _) => Outcome::Findings,
    })
}

fn report(args: &Args, sides: Sides, findings: &[Finding]) -> Report {
    let axes: BTreeSet<Axis> = args.fail_on.iter().filter_map(|party| party.axis()).collect();
    let is_shown = |finding: &&Finding| args.all || finding.verdicts.worst() > Verdict::Safe;
    let shown: Vec<_> =
        findings.iter().filter(is_shown).map(|finding| convert::finding(finding, level(finding, &axes))).collect();
    let hidden = findings.len() - shown.len();
    let summary = summary(&sides.old, &sides.new, findings, hidden);
    let mut all: Vec<crate::report::Finding> = sides.diagnostics.into_iter().map(Into::into).collect();
    all.extend(shown);
    Report { command: "crdgen diff", findings: all, summary, anchor: sides.anchor }
}

/// Returns the level of a finding: an error if it breaks a party that counts, a warning if it breaks another one.
fn level(finding: &Finding, axes: &BTreeSet<Axis>) -> Level {
    let breaks = |axis: Axis| finding.verdicts.on(axis) == Verdict::Breaks;
    if axes.iter().any(|axis| breaks(*axis)) {
        Level::Error
    } else if Axis::ALL.into_iter().any(breaks) || finding.verdicts.stored == Verdict::Ratcheted {
        Level::Warning
    } else {
        Level::Note
    }
}

fn summary(old: &[Crd], new: &[Crd], findings: &[Finding], hidden: usize) -> String {
    let crds = old.len().max(new.len());
    let breaking = |axis: Axis| findings.iter().filter(|finding| finding.verdicts.on(axis) == Verdict::Breaks).count();
    let parties: Vec<String> = Axis::ALL
        .into_iter()
        .map(|axis| (axis, breaking(axis)))
        .filter(|(_, breaks)| *breaks > 0)
        .map(|(axis, breaks)| format!("{axis} {breaks}"))
        .collect();
    let breaks = match parties.is_empty() {
        true => "nothing breaks".to_owned(),
        false => format!("breaks: {}", parties.join(", ")),
    };
    let hidden = match hidden {
        0 => String::new(),
        hidden => format!(" ({} not shown)", count(hidden, "harmless change")),
    };
    format!("{} compared, {}{hidden}, {breaks}", count(crds, "CRD"), count(findings.len(), "change"))
}
