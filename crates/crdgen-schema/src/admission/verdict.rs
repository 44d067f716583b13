//! What an API server answers to a write.

use std::fmt;

use crate::shown;

/// The answer to a write: accepted when nothing is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Why the object cannot be decoded at all: the answer is 400, and nothing else was looked at.
    pub malformed: Option<String>,
    /// Why the object is refused with 422, as `details.causes` of the answer lists it; of thousands the first ones.
    pub causes: Vec<Cause>,
    /// Fields that the schema does not declare and that were dropped, as a strict write names them; of thousands the first
    /// ones.
    pub unknown_fields: Vec<String>,
    /// What the server warns of beside unknown fields; of thousands the first ones.
    pub warnings: Vec<String>,
    /// Rules and patterns without a verdict, for which a server may refuse the object; of thousands the first ones.
    pub not_evaluated: Vec<NotEvaluated>,
}

impl Verdict {
    /// Whether the server takes the object, as far as it was evaluated.
    pub fn is_accepted(&self) -> bool {
        self.malformed.is_none() && self.causes.is_empty()
    }

    /// Whether the answer is certain: the object is refused, or nothing was left without a verdict.
    pub fn is_decided(&self) -> bool {
        !self.is_accepted() || self.not_evaluated.is_empty()
    }

    /// Returns the answer of a store that must not take an object on trust. A verdict that is not certain becomes a
    /// refusal with a cause for each part of [`not_evaluated`](Self::not_evaluated); any other stays as it is.
    ///
    /// For a rule that cost too much the cause has the server's words, since a server refuses the object for it too.
    #[must_use]
    pub fn refusing_undecided(mut self) -> Self {
        if !self.is_decided() {
            self.causes = self.not_evaluated.iter().map(NotEvaluated::cause).collect();
        }
        self
    }
}

/// One reason for a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Which kind of reason.
    pub reason: CauseReason,
    /// The path of the value, for example `spec.ports[0].name`; `<nil>` where the server names none.
    pub field: String,
    /// What is wrong with it, in words close to the server's.
    pub message: String,
    /// The path of the value where `field` is `<nil>` although it is about one. No server says it.
    pub place: Option<String>,
}

impl Cause {
    /// What the server writes where it names no field.
    pub const NO_FIELD: &'static str = "<nil>";

    /// A cause about a field. A message of more than 8 KiB is cut off.
    pub fn new(reason: CauseReason, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { reason, field: field.into(), message: shown::message(message.into()), place: None }
    }

    /// The path of the value that it is about; none if it is about the object as a whole.
    pub fn path(&self) -> Option<&str> {
        let field = Some(self.field.as_str()).filter(|field| *field != Self::NO_FIELD);
        field.or(self.place.as_deref())
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.field, self.message)
    }
}

/// Findings of one sort, in the order in which they are found. The first thousand are kept: nobody reads on, and a hostile
/// object could have millions.
#[derive(Clone, Debug)]
pub(crate) struct Listed<T>(Vec<T>);

/// Why an object is refused.
pub(crate) type Causes = Listed<Cause>;

impl<T> Listed<T> {
    /// Number of findings that are kept; the server lists them all.
    pub(crate) const MOST: usize = 1000;

    pub(crate) fn push(&mut self, finding: T) {
        self.push_with(|| finding);
    }

    /// Adds a finding that is only made when there is room.
    pub(crate) fn push_with(&mut self, finding: impl FnOnce() -> T) {
        if self.0.len() < Self::MOST {
            self.0.push(finding());
        }
    }

    pub(crate) fn append(&mut self, findings: Self) {
        self.extend(findings.0);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T: Ord> Listed<T> {
    pub(crate) fn sort(&mut self) {
        self.0.sort_unstable();
    }
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Extend<T> for Listed<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, findings: I) {
        let room = Self::MOST - self.0.len();
        self.0.extend(findings.into_iter().take(room));
    }
}

/// `reason` of a cause: the error types of `k8s.io/apimachinery/pkg/util/validation/field`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CauseReason {
    /// `FieldValueRequired`
    Required,
    /// `FieldValueInvalid`
    Invalid,
    /// `FieldValueTypeInvalid`
    TypeInvalid,
    /// `FieldValueNotSupported`
    NotSupported,
    /// `FieldValueForbidden`
    Forbidden,
    /// `FieldValueDuplicate`
    Duplicate,
    /// `FieldValueTooLong`
    TooLong,
    /// `FieldValueTooMany`
    TooMany,
}

impl CauseReason {
    /// As it stands in an answer.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "FieldValueRequired",
            Self::Invalid => "FieldValueInvalid",
            Self::TypeInvalid => "FieldValueTypeInvalid",
            Self::NotSupported => "FieldValueNotSupported",
            Self::Forbidden => "FieldValueForbidden",
            Self::Duplicate => "FieldValueDuplicate",
            Self::TooLong => "FieldValueTooLong",
            Self::TooMany => "FieldValueTooMany",
        }
    }

    /// Whether the server evaluates no CEL rules when there is such a cause.
    pub fn keeps_rules_from_running(self) -> bool {
        matches!(self, Self::Required | Self::TypeInvalid | Self::NotSupported | Self::TooLong | Self::TooMany)
    }
}

impl fmt::Display for CauseReason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// A part of the schema that has no verdict on a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotEvaluated {
    /// The path of the value.
    pub field: String,
    /// The rule or pattern, cut off after 1 KiB.
    pub what: String,
    /// The sort of obstacle.
    pub obstacle: Obstacle,
    /// The obstacle in words: those of the server where the budget for rules is spent.
    pub why: String,
}

/// A sort of reason why a rule or pattern has no verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Obstacle {
    /// Evaluating it costs more than a write may cost. A server with the same budget refuses the object; counted here is a
    /// little more than a server counts.
    BudgetSpent,
    /// It needs what only the server has, such as a function that is not known here.
    Unsupported,
}

impl NotEvaluated {
    pub(crate) fn new(field: String, what: &str, obstacle: Obstacle, why: impl Into<String>) -> Self {
        Self { field, what: shown::plain(what), obstacle, why: shown::message(why.into()) }
    }

    /// The cause to refuse the object with.
    fn cause(&self) -> Cause {
        let Self { what, why, .. } = self;
        let message = match self.obstacle {
            Obstacle::BudgetSpent => format!("Invalid value: {why}"),
            Obstacle::Unsupported => format!("Invalid value: `{what}` cannot be evaluated: {why}"),
        };
        Cause::new(CauseReason::Invalid, self.field.as_str(), message)
    }
}
