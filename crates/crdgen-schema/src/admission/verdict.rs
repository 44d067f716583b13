//! What an API server answers to a write.

use std::fmt;

/// The answer to a write: accepted when nothing is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Why the object cannot be decoded at all: the answer is 400, and nothing else was looked at.
    pub malformed: Option<String>,
    /// Why the object is refused with 422, as `details.causes` of the answer lists it; of thousands the first ones.
    pub causes: Vec<Cause>,
    /// Fields that the schema does not declare and that were dropped, as a strict write names them.
    pub unknown_fields: Vec<String>,
    /// What the server warns of beside unknown fields.
    pub warnings: Vec<String>,
    /// What could not be judged here; a server may refuse the object for it.
    pub not_evaluated: Vec<NotEvaluated>,
}

impl Verdict {
    /// Whether the server takes the object, as far as it was evaluated.
    pub fn is_accepted(&self) -> bool {
        self.malformed.is_none() && self.causes.is_empty()
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

    /// A cause about a field.
    pub fn new(reason: CauseReason, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { reason, field: field.into(), message: message.into(), place: None }
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

/// Causes as they are found. After so many nobody reads on, and a hostile object could have millions.
#[derive(Debug, Default)]
pub(crate) struct Causes(Vec<Cause>);

impl Causes {
    /// How many are kept; the server lists them all.
    pub(crate) const MOST: usize = 1000;

    pub(crate) fn push(&mut self, cause: Cause) {
        if self.0.len() < Self::MOST {
            self.0.push(cause);
        }
    }

    pub(crate) fn append(&mut self, causes: Vec<Cause>) {
        causes.into_iter().for_each(|cause| self.push(cause));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn into_vec(self) -> Vec<Cause> {
        self.0
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

/// A part of the schema that could not be evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotEvaluated {
    /// The path of the value.
    pub field: String,
    /// The rule or pattern.
    pub what: String,
    /// Why not.
    pub why: String,
}
