//! Class of a change: its rule, and the verdicts on this change.

use serde_json::Value as Json;

use crate::rule::{Rule, Verdict, Verdicts};
use crate::rules;

/// Rule of a change, with the verdicts on this change.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    pub(crate) rule: &'static Rule,
    pub(crate) verdicts: Verdicts,
    /// Reason why the verdicts differ from those of the rule.
    pub(crate) note: Option<String>,
}

impl Class {
    pub(crate) fn of(id: &str) -> Self {
        let rule = rules::known(id);
        Self { rule, verdicts: rule.verdicts, note: None }
    }

    /// Returns the class with verdicts for a change that refuses no object and loses nothing.
    pub(super) fn harmless(mut self, note: &str) -> Self {
        self.verdicts.writer = Verdict::Safe;
        self.verdicts.stored = Verdict::Safe;
        self.note(note)
    }

    /// Returns the class with verdicts for a change without any effect.
    pub(super) fn without_effect(self, note: &str) -> Self {
        Self { verdicts: Verdicts::SAFE, ..self }.note(note)
    }

    /// Returns the class with verdicts for a change that may refuse objects or lose fields.
    pub(super) fn breaking(mut self, note: &str) -> Self {
        self.verdicts.writer = Verdict::Breaks;
        self.verdicts.stored = Verdict::Breaks;
        self.note(note)
    }

    pub(super) fn reader(mut self, verdict: Verdict) -> Self {
        self.verdicts.reader = verdict;
        self
    }

    pub(super) fn stored(mut self, verdict: Verdict) -> Self {
        self.verdicts.stored = verdict;
        self
    }

    pub(super) fn writer(mut self, verdict: Verdict) -> Self {
        self.verdicts.writer = verdict;
        self
    }

    pub(super) fn source(mut self, verdict: Verdict) -> Self {
        self.verdicts.source = verdict;
        self
    }

    pub(super) fn note(mut self, note: &str) -> Self {
        self.note = Some(note.to_owned());
        self
    }
}

/// Sides that have the changed part.
#[derive(Clone, Copy, Debug)]
pub(super) enum Presence<'c> {
    Added(&'c Json),
    Removed(&'c Json),
    Changed(&'c Json, &'c Json),
}

impl<'c> Presence<'c> {
    pub(super) fn of(old: Option<&'c Json>, new: Option<&'c Json>) -> Option<Self> {
        Some(match (old, new) {
            (None, Some(new)) => Self::Added(new),
            (Some(old), None) => Self::Removed(old),
            (Some(old), Some(new)) => Self::Changed(old, new),
            (None, None) => return None,
        })
    }

    /// Returns the class of the rule for this presence.
    pub(super) fn pick(self, added: &str, removed: &str, changed: &str) -> Class {
        Class::of(match self {
            Self::Added(_) => added,
            Self::Removed(_) => removed,
            Self::Changed(..) => changed,
        })
    }
}
