//! `allOf`, `anyOf`, `oneOf` and `not`.
//!
//! If no branch matches, the errors of the branch with the most checks are shown, beside an error without a field.
//! Errors within branches are never forgiven.

use serde_json::Value as Json;

use super::finding::{Failure, Findings};
use super::node;
use crate::prepared::Prepared;
use crate::value_path::ValuePath;

pub(super) fn check(schema: &Prepared, value: &Json, path: &ValuePath<'_>, out: &mut Findings<'_>) {
    if !schema.any_of.is_empty() {
        any_of(&schema.any_of, value, path, out);
    }
    if !schema.one_of.is_empty() {
        one_of(&schema.one_of, value, path, out);
    }
    if !schema.all_of.is_empty() {
        all_of(&schema.all_of, value, path, out);
    }
    if let Some(branch) = &schema.not
        && tried(branch, value, path, out).fits
    {
        out.fail(|| Failure::without_field(path, format!("{:?} must not validate the schema (not)", path.dotted())));
    }
    out.matched(2);
}

/// Result of trying a value in a branch.
struct Trial {
    fits: bool,
    matches: usize,
}

/// Tries a branch without keeping its failures.
fn tried(branch: &Prepared, value: &Json, path: &ValuePath<'_>, out: &mut Findings<'_>) -> Trial {
    let mut findings = out.trial();
    let start = findings.mark();
    node(branch, value, None, path, &mut findings);
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
    fn show(self, value: &Json, path: &ValuePath<'_>, out: &mut Findings<'_>) {
        match self.0 {
            Some((branch, _)) if out.is_collecting() => node(branch, value, None, path, out),
            Some((_, matches)) => out.matched(matches),
            None => {}
        }
    }
}

fn any_of(branches: &[Prepared], value: &Json, path: &ValuePath<'_>, out: &mut Findings<'_>) {
    let mut best = Best::default();
    for branch in branches {
        let trial = tried(branch, value, path, out);
        if trial.fits {
            return out.matched(trial.matches);
        }
        best.consider(branch, trial.matches);
    }
    out.fail(|| Failure::without_field(path, format!("{:?} must validate at least one schema (anyOf)", path.dotted())));
    best.show(value, path, out);
}

fn one_of(branches: &[Prepared], value: &Json, path: &ValuePath<'_>, out: &mut Findings<'_>) {
    let mut best = Best::default();
    let mut fitting = 0;
    let mut matches = 0;
    for branch in branches {
        let trial = tried(branch, value, path, out);
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
        Failure::without_field(
            path,
            format!("{:?} must validate one and only one schema (oneOf). {found}", path.dotted()),
        )
    });
    best.show(value, path, out);
}

fn all_of(branches: &[Prepared], value: &Json, path: &ValuePath<'_>, out: &mut Findings<'_>) {
    let mut fitting = 0;
    for branch in branches {
        let mark = out.mark();
        node(branch, value, None, path, out);
        fitting += usize::from(!out.has_failed_since(&mark));
    }
    if fitting < branches.len() {
        let none = if fitting == 0 { ". None validated" } else { "" };
        out.fail(|| {
            Failure::without_field(path, format!("{:?} must validate all the schemas (allOf){none}", path.dotted()))
        });
    }
}
