//! Choice of the rule for a change, and verdicts that depend on the values of the change.

mod boolean;
mod crd;
mod entailment;
mod field;
mod guard;
mod implication;
mod shape;
mod value;

use serde_json::Value as Json;

use crate::change::{Change, Keyword, Sides};
use crate::rule::{Rule, Verdict, Verdicts};
use crate::rules;

pub(crate) use shape::follows;

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
    fn harmless(mut self, note: &str) -> Self {
        self.verdicts.writer = Verdict::Safe;
        self.verdicts.stored = Verdict::Safe;
        self.note(note)
    }

    /// Returns the class with verdicts for a change without any effect.
    fn without_effect(self, note: &str) -> Self {
        Self { verdicts: Verdicts::SAFE, ..self }.note(note)
    }

    /// Returns the class with verdicts for a change that may refuse objects or lose fields.
    fn breaking(mut self, note: &str) -> Self {
        self.verdicts.writer = Verdict::Breaks;
        self.verdicts.stored = Verdict::Breaks;
        self.note(note)
    }

    fn reader(mut self, verdict: Verdict) -> Self {
        self.verdicts.reader = verdict;
        self
    }

    fn stored(mut self, verdict: Verdict) -> Self {
        self.verdicts.stored = verdict;
        self
    }

    fn writer(mut self, verdict: Verdict) -> Self {
        self.verdicts.writer = verdict;
        self
    }

    fn source(mut self, verdict: Verdict) -> Self {
        self.verdicts.source = verdict;
        self
    }

    fn note(mut self, note: &str) -> Self {
        self.note = Some(note.to_owned());
        self
    }
}

/// Returns the class of a change, or `None` if no rule describes it.
pub(crate) fn classify(change: &Change<'_>) -> Option<Class> {
    let Sides { old, new } = &change.values;
    let presence = Presence::of(old.as_ref(), new.as_ref())?;
    match change.keyword {
        Keyword::Crd
        | Keyword::Group
        | Keyword::Plural
        | Keyword::Kind
        | Keyword::ListKind
        | Keyword::Singular
        | Keyword::ShortName
        | Keyword::Category
        | Keyword::Scope
        | Keyword::Conversion
        | Keyword::Webhook
        | Keyword::Approval
        | Keyword::Version
        | Keyword::StoredVersion
        | Keyword::Served
        | Keyword::Storage
        | Keyword::Deprecated
        | Keyword::Status
        | Keyword::Scale
        | Keyword::Column
        | Keyword::ColumnOrder
        | Keyword::Selectable => crd::classify(change, presence),
        Keyword::Property
        | Keyword::Required
        | Keyword::Type
        | Keyword::Format
        | Keyword::Nullable
        | Keyword::Default
        | Keyword::Description
        | Keyword::Title
        | Keyword::Example
        | Keyword::ExternalDocs => field::classify(change, presence),
        Keyword::Enum
        | Keyword::EnumValue
        | Keyword::Pattern
        | Keyword::Bound(_)
        | Keyword::ExclusiveMinimum
        | Keyword::ExclusiveMaximum => value::classify(change, presence),
        Keyword::AdditionalProperties
        | Keyword::Items
        | Keyword::AllOf
        | Keyword::AnyOf
        | Keyword::OneOf
        | Keyword::Not
        | Keyword::PreserveUnknown
        | Keyword::Embedded
        | Keyword::ListType
        | Keyword::ListMapKeys
        | Keyword::MapType
        | Keyword::Rule => shape::classify(change, presence),
        // A server refuses `uniqueItems: true`, so it cannot change.
        Keyword::UniqueItems => None,
    }
}

/// Sides that have the changed part.
#[derive(Clone, Copy, Debug)]
enum Presence<'c> {
    Added(&'c Json),
    Removed(&'c Json),
    Changed(&'c Json, &'c Json),
}

impl<'c> Presence<'c> {
    fn of(old: Option<&'c Json>, new: Option<&'c Json>) -> Option<Self> {
        Some(match (old, new) {
            (None, Some(new)) => Self::Added(new),
            (Some(old), None) => Self::Removed(old),
            (Some(old), Some(new)) => Self::Changed(old, new),
            (None, None) => return None,
        })
    }

    /// Returns the class of the rule for this presence.
    fn pick(self, added: &str, removed: &str, changed: &str) -> Class {
        Class::of(match self {
            Self::Added(_) => added,
            Self::Removed(_) => removed,
            Self::Changed(..) => changed,
        })
    }
}
