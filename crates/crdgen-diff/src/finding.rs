//! Findings: changes that a rule describes.

use std::sync::Arc;

use crdgen_schema::{Source, Span};
use serde_json::Value as Json;

use crate::change::{Change, Sides};
use crate::classify::{self, Class};
use crate::path::FieldPath;
use crate::proof::Proof;
use crate::rule::{Rule, Verdict, Verdicts};
use crate::rules;

/// Change of a CRD with its meaning.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Rule that describes the change.
    pub rule: &'static Rule,
    /// Name of the CRD, for example `boats.example.com`: of the new one, or of the old one if the CRD was removed.
    pub crd: String,
    /// Version of the CRD, or `None` for a change of the CRD as a whole.
    pub version: Option<String>,
    /// Field whose schema changed. Empty for changes outside of the schema.
    pub path: FieldPath,
    /// For a finding of the rule `served-versions-diverge`: the rule that describes the difference between the two
    /// versions. `None` for all other findings.
    pub cause: Option<&'static Rule>,
    /// Side that writes the field.
    pub direction: Direction,
    /// Keyword that changed, for example `maxLength`.
    pub keyword: &'static str,
    /// Values of the keyword. `None` where it is absent.
    pub values: Sides<Option<Json>>,
    /// The change in one sentence, for example `the maximum length is stricter: 10 -> 5`.
    pub message: String,
    /// Reason why the verdicts differ from those of the rule, if they do.
    pub note: Option<String>,
    /// Verdicts on the change.
    pub verdicts: Verdicts,
    /// Proof that the change breaks objects. [`Proof::None`] until [`prove`](crate::prove) has looked for one.
    pub proof: Proof,
    /// Positions of the changed part. A removed part has no position in the new source.
    pub places: Sides<Option<(Arc<Source>, Span)>>,
}

/// Side that writes a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Users write the field, and everybody reads it: `spec` and all other fields except `status`.
    Spec,
    /// A controller writes the field through the status subresource, and everybody reads it.
    Status,
}

impl Direction {
    /// Returns the name of the direction in machine formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Spec => "spec",
            Self::Status => "status",
        }
    }
}

impl Finding {
    /// Returns whether an object may be refused, or lose a field: whether the change breaks writers or stored objects.
    pub fn breaks_objects(&self) -> bool {
        self.verdicts.breaks_objects()
    }

    pub(crate) fn of(change: &Change<'_>) -> Self {
        let Class { rule, verdicts, note } = classify::classify(change).unwrap_or_else(|| Class::of("unhandled"));
        let direction = direction(change);
        let is_correlated = change.context.is_correlated;
        let spans = change.spans();
        let place = |crd: &crdgen_schema::Crd, span| Some((crd.source.clone(), span));
        let (is_removed, is_added) = (change.values.new.is_none(), change.values.old.is_none());
        let whole_part = change.schemas.old.is_none() || change.schemas.new.is_none();
        Self {
            rule,
            crd: change.crds.new.name.clone(),
            version: change.versions.new.or(change.versions.old).map(|version| version.name.clone()),
            path: change.path.clone(),
            cause: None,
            direction,
            keyword: change.keyword.as_str(),
            message: message(rule, &change.values),
            note,
            verdicts: placed(verdicts, direction, is_correlated),
            proof: Proof::None,
            places: Sides {
                old: place(change.crds.old, spans.old).filter(|_| !(whole_part && is_added)),
                new: place(change.crds.new, spans.new).filter(|_| !(whole_part && is_removed)),
            },
            values: change.values.clone(),
        }
    }

    /// Returns the finding with the verdicts for its own path, when that path is above the changed field.
    pub(crate) fn placed_again(self, change: &Change<'_>) -> Self {
        let has_subresource = change.versions.new.is_some_and(|version| version.status);
        let direction = if has_subresource && self.path.is_in_status() { Direction::Status } else { Direction::Spec };
        Self { direction, verdicts: placed(self.rule.verdicts, direction, true), ..self }
    }

    /// Returns the finding as one of another rule, with the verdicts of that rule.
    pub(crate) fn with_rule(self, id: &str) -> Self {
        let rule = rules::known(id);
        Self { rule, verdicts: rule.verdicts, ..self }
    }
}

fn direction(change: &Change<'_>) -> Direction {
    let has_subresource = change.versions.new.or(change.versions.old).is_some_and(|version| version.status);
    if has_subresource && change.path.is_in_status() { Direction::Status } else { Direction::Spec }
}

/// Returns the verdicts at a place. Users do not write `status`, so what refuses a status concerns the stored objects,
/// whose status a controller must update. Values that a server cannot compare with their old values are not ratcheted.
fn placed(verdicts: Verdicts, direction: Direction, is_correlated: bool) -> Verdicts {
    let mut placed = verdicts;
    if verdicts.stored == Verdict::Ratcheted && !is_correlated {
        placed.stored = Verdict::Breaks;
    }
    if direction == Direction::Status && verdicts.writer == Verdict::Breaks {
        placed.writer = Verdict::Safe;
        placed.stored = Verdict::Breaks;
    }
    placed
}

fn message(rule: &Rule, values: &Sides<Option<Json>>) -> String {
    const MOST: usize = 60;
    let shown = |value: &Json| {
        let text = value.to_string();
        match text.char_indices().nth(MOST) {
            Some((end, _)) => format!("{}...", &text[..end]),
            None => text,
        }
    };
    let title = rule.title;
    match (&values.old, &values.new) {
        (Some(Json::Bool(_)), None) | (None, Some(Json::Bool(_))) | (None, None) => title.to_owned(),
        (Some(old), Some(new)) => format!("{title}: {} -> {}", shown(old), shown(new)),
        (Some(value), None) | (None, Some(value)) => format!("{title}: {}", shown(value)),
    }
}
