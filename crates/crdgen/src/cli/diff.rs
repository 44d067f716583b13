//! `crdgen diff`: compares the CRDs of two releases and says who breaks.

mod approvals;
mod args;
mod cluster;
mod convert;
mod git;
mod list;
mod objects;
pub(super) mod sides;
mod source;

use std::collections::BTreeSet;

use crdgen_diff::{Axis, Finding as Change, Verdict, compare, prove, spot_check};

use super::error::CliError;
use super::outcome::{Outcome, is_failure};
use crate::project::{Reading, working_directory};
use crate::report::{Finding, Level, Report, Reporter, count};
use approvals::Approvals;
pub(super) use args::Args;
use sides::Sides;

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
