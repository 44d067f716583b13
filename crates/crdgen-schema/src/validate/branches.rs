//! `allOf`, `anyOf`, `oneOf` and `not`.
//!
//! If no branch matches, the errors of the branch with the most checks are shown, beside an error without a field.
//! Errors within branches are never forgiven.

use serde_json::Value as Json;

use super::finding::{Failure, Findings};
use crate::prepared::Prepared;
use crate::value_path::ValuePath;

/// Value that is checked against branches.
#[derive(Clone, Copy)]
pub(super) struct Subject<'v> {
    pub(super) value: &'v Json,
    pub(super) path: &'v ValuePath<'v>,
    /// Validates the value against a branch.
    pub(super) validate: fn(&Prepared, &Json, &ValuePath<'_>, &mut Findings<'_>),
}

impl Subject<'_> {
    fn validate(self, branch: &Prepared, out: &mut Findings<'_>) {
        (self.validate)(branch, self.value, self.path, out);
    }

    /// Returns the failure that says what the value must do.
    fn must(self, do_what: &str) -> Failure {
        Failure::without_field(self.path, format!("{:?} must {do_what}", self.path.dotted()))
    }
}

pub(super) fn check(schema: &Prepared, subject: Subject<'_>, out: &mut Findings<'_>) {
    if !schema.any_of.is_empty() {
        any_of(&schema.any_of, subject, out);
    }
    if !schema.one_of.is_empty() {
        one_of(&schema.one_of, subject, out);
    }
    if !schema.all_of.is_empty() {
        all_of(&schema.all_of, subject, out);
    }
    if let Some(branch) = &schema.not
        && tried(branch, subject, out).fits
    {
        out.fail(|| subject.must("not validate the schema (not)"));
    }
    out.matched(2);
}

/// Result of trying a value in a branch.
struct Trial {
    fits: bool,
    matches: usize,
}

/// Tries a branch without keeping its failures.
fn tried(branch: &Prepared, subject: Subject<'_>, out: &mut Findings<'_>) -> Trial {
    let mut findings = out.trial();
    let start = findings.mark();
    subject.validate(branch, &mut findings);
    let trial = Trial { fits: !findings.has_failed_since(&start), matches: findings.matches() };
    out.adopt_unknown(findings);
    trial
}

/// Best of the branches that do not match: the first with the highest number of checks.
#[derive(Default)]
struct Best<'s>(Option<(&'s Prepared, usize)>);

impl<'s> Best<'s> {
    fn consider(&mut self, branch: &'s Prepared, matches: usize) {
        if self.0.is_none_or(|(_, most)| matches > most) {
            self.0 = Some((branch, matches));
        }
    }

    /// Adds the failures of the value in the branch.
    fn show(self, subject: Subject<'_>, out: &mut Findings<'_>) {
        match self.0 {
            Some((branch, _)) if out.is_collecting() => subject.validate(branch, out),
            Some((_, matches)) => out.matched(matches),
            None => {}
        }
    }
}

fn any_of(branches: &[Prepared], subject: Subject<'_>, out: &mut Findings<'_>) {
    let mut best = Best::default();
    for branch in branches {
        let trial = tried(branch, subject, out);
        if trial.fits {
            return out.matched(trial.matches);
        }
        best.consider(branch, trial.matches);
    }
    out.fail(|| subject.must("validate at least one schema (anyOf)"));
    best.show(subject, out);
}

fn one_of(branches: &[Prepared], subject: Subject<'_>, out: &mut Findings<'_>) {
    let mut best = Best::default();
    let mut fitting = 0;
    let mut matches = 0;
    for branch in branches {
        let trial = tried(branch, subject, out);
        if trial.fits {
            fitting += 1;
            matches = if fitting == 1 { trial.matches } else { matches };
        } else if fitting == 0 {
            best.consider(branch, trial.matches);
        }
    }
    match fitting {
        1 => return out.matched(matches),
        0 => {}
        _ => best = Best::default(),
    }
    out.fail(|| {
        let found =
            if fitting == 0 { "Found none valid".into() } else { format!("Found {fitting} valid alternatives") };
        subject.must(&format!("validate one and only one schema (oneOf). {found}"))
    });
    best.show(subject, out);
}

fn all_of(branches: &[Prepared], subject: Subject<'_>, out: &mut Findings<'_>) {
    let mut fitting = 0;
    for branch in branches {
        let mark = out.mark();
        subject.validate(branch, out);
        fitting += usize::from(!out.has_failed_since(&mark));
    }
    if fitting < branches.len() {
        let none = if fitting == 0 { ". None validated" } else { "" };
        out.fail(|| subject.must(&format!("validate all the schemas (allOf){none}")));
    }
}
