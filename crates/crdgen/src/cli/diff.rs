//! `crdgen diff`: compares the CRDs of two releases and says who breaks.

mod approvals;
mod cluster;
mod convert;
mod git;
mod list;
mod objects;
pub(super) mod sides;
mod source;

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::ValueEnum;
use crdgen_diff::{Axis, Finding as Change, Verdict, compare, prove, spot_check};

use super::reporting::ReportArgs;
use super::{CliError, ConfigArgs, Outcome, is_failure, working_directory};
use crate::project::{Reading, Request};
use crate::report::{Finding, Level, Report, Reporter, count};
use approvals::Approvals;
use cluster::Cluster;
use sides::Sides;

/// Compare the CRDs of two releases: report changes that break clients, stored objects or generated code
///
/// Each finding has a rule (`crdgen explain RULE`) and verdicts for those who write objects, those who read them, the
/// objects in the store, and generated code. A finding that breaks objects shows an object that the old CRD accepts and
/// the new one refuses, or stores without a field.
///
/// A side is a file, a folder, a glob, `-` for standard input, or a path in a git revision (`v1.2.0:config/crd`). CRDs of
/// both sides belong together if group and plural are equal. With `--cluster`, the old side is a cluster.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// OLD and NEW; with `--base`, `--since-tag` or `--cluster` the new files [default: the inputs of crdgen.toml]
    #[arg(value_name = "INPUT", required_unless_present_any = ["base", "since_tag", "cluster", "list_rules"])]
    inputs: Vec<String>,

    /// Compare with the merge base of this git revision and HEAD
    #[arg(long, value_name = "REVISION", conflicts_with = "since_tag")]
    base: Option<String>,

    /// Compare with the newest git tag before HEAD; only tags that match the glob count
    #[arg(long, value_name = "GLOB", num_args = 0..=1, default_missing_value = "*")]
    since_tag: Option<String>,

    /// Compare with the CRDs of the same names in a cluster, and report its objects that the new CRDs refuse or take fields
    /// from. Calls kubectl [default context: the current one]
    #[arg(long, value_name = "CONTEXT", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    #[arg(conflicts_with_all = ["base", "since_tag"])]
    cluster: Option<String>,

    /// Parties for which a break is an error, separated by commas
    #[arg(long, value_name = "PARTIES", value_delimiter = ',', default_value = "writer,stored")]
    fail_on: Vec<Party>,

    /// Report harmless changes too, such as changed descriptions
    #[arg(long)]
    all: bool,

    /// Do not search for objects that show a break, which saves time
    #[arg(long)]
    no_witnesses: bool,

    /// Files or folders with stored objects: report those that the new CRDs refuse or take fields from; may be repeated
    #[arg(long, value_name = "PATH")]
    objects: Vec<String>,

    /// Make this number of random objects of each version, and report each object that breaks without a finding
    #[arg(long = "try", value_name = "N", default_value_t = 0, hide_default_value = true)]
    tries: usize,

    /// Approve all findings of an earlier report in JSON (`--format json`)
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// List the rules with their verdicts
    #[arg(long, conflicts_with_all = ["base", "since_tag", "cluster", "inputs"])]
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
  crdgen diff --cluster=staging config/crd
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
    let folder = working_directory()?;
    let reading = Reading::new(args.request(), &folder).map_err(|problem| CliError::at_start("diff", problem))?;
    let mut sides = Sides::read(args, &reading.inputs, &folder)?;
    if is_failure(&sides.diagnostics) && sides.old.is_empty() && sides.new.is_empty() {
        return Err(CliError::Failed(sides.diagnostics));
    }
    let mut changes = compare(&sides.old, &sides.new);
    if !args.no_witnesses {
        prove(&sides.old, &sides.new, &mut changes);
    }
    let mut findings = shown(args, &changes);
    let hidden = changes.len() - findings.len();
    findings.extend(generated(args, &sides, &reading, &changes));
    let mut judged = objects::judge(&args.objects, &sides.old, &sides.new);
    if let Some(cluster) = args.cluster() {
        judged.add_cluster(&cluster, &sides.old, &sides.new)?;
    }
    findings.append(&mut judged.findings);
    findings.extend(missed(args, &sides, &changes));
    sides.diagnostics.append(&mut judged.diagnostics);
    let mut approvals = Approvals::collect(&reading.allow, &sides.new, args.baseline.as_deref())?;
    approvals.apply(&mut findings);
    findings.extend(approvals.into_findings());
    let summary = summary(&sides, &changes, hidden, judged.checked);
    let is_unread = is_failure(&sides.diagnostics);
    let unread = sides.diagnostics.into_iter().map(Into::into);
    let findings = unread.chain(findings).collect();
    let report = Report { command: "crdgen diff", findings, summary, anchor: sides.anchor };
    args.report.show(&report, reporter)?;
    Ok(match (is_unread, report.count(Level::Error)) {
        (true, _) => Outcome::Failed,
        (false, 0) => Outcome::Done,
        (false, _) => Outcome::Findings,
    })
}

impl Args {
    fn request(&self) -> Request {
        Request { config: self.config.file(), inputs: self.inputs.clone(), ..Request::default() }
    }

    fn cluster(&self) -> Option<Cluster> {
        self.cluster.as_deref().map(Cluster::of)
    }

    /// Returns the parties for which a break is an error.
    fn axes(&self) -> BTreeSet<Axis> {
        self.fail_on.iter().filter_map(|party| party.axis()).collect()
    }
}

/// Returns the changes that are reported, as findings.
fn shown(args: &Args, changes: &[Change]) -> Vec<Finding> {
    let axes = args.axes();
    let is_shown = |change: &&Change| args.all || change.verdicts.worst() > Verdict::Safe;
    changes.iter().filter(is_shown).map(|change| convert::finding(change, level(change, &axes))).collect()
}

/// Returns the finding about generated code. CRDs from which no code can be generated have none.
fn generated(args: &Args, sides: &Sides, reading: &Reading, changes: &[Change]) -> Option<Finding> {
    if changes.is_empty() {
        return None;
    }
    let level = if args.axes().contains(&Axis::Source) { Level::Error } else { Level::Warning };
    source::finding(&sides.old, &sides.new, &reading.selection, level).ok().flatten()
}

/// Returns the findings of `--try`: random objects that break without a finding.
fn missed(args: &Args, sides: &Sides, changes: &[Change]) -> Vec<Finding> {
    if args.tries == 0 {
        return Vec::new();
    }
    spot_check(&sides.old, &sides.new, changes, args.tries).missed.iter().map(convert::missed).collect()
}

/// Returns the level of a finding: an error if it breaks a party that counts, a warning if it breaks another one.
fn level(finding: &Change, axes: &BTreeSet<Axis>) -> Level {
    let breaks = |axis: Axis| finding.verdicts.on(axis) == Verdict::Breaks;
    if axes.iter().any(|axis| breaks(*axis)) {
        Level::Error
    } else if Axis::ALL.into_iter().any(breaks) || finding.verdicts.stored == Verdict::Ratcheted {
        Level::Warning
    } else {
        Level::Note
    }
}

fn summary(sides: &Sides, changes: &[Change], hidden: usize, objects: usize) -> String {
    let crds = sides.old.len().max(sides.new.len());
    let breaking = |axis: Axis| changes.iter().filter(|change| change.verdicts.on(axis) == Verdict::Breaks).count();
    let parties = Axis::ALL.into_iter().map(|axis| (axis, breaking(axis))).filter(|(_, breaks)| *breaks > 0);
    let parties: Vec<String> = parties.map(|(axis, breaks)| format!("{axis} {breaks}")).collect();
    let breaks = match parties.is_empty() {
        true => "nothing breaks".to_owned(),
        false => format!("breaks: {}", parties.join(", ")),
    };
    let hidden = match hidden {
        0 => String::new(),
        hidden => format!(" ({} not shown)", count(hidden, "harmless change")),
    };
    let objects = match objects {
        0 => String::new(),
        objects => format!(", {} checked", count(objects, "object")),
    };
    format!("{} compared, {}{hidden}{objects}, {breaks}", count(crds, "CRD"), count(changes.len(), "change"))
}
