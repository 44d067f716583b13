//! Verdicts of an API server on a write.

use std::fmt;

pub use crdgen_cel::Obstacle;

use crate::truncate;

/// Verdict on a write. The object is accepted if it can be decoded and there are no causes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Reason for a 400: the object cannot be decoded, or defaults make it too large.
    pub malformed: Option<String>,
    /// Reasons for a 422, as in `details.causes` of the answer. At most some 2000.
    pub causes: Vec<Cause>,
    /// Paths of undeclared fields, which were dropped. Strict field validation refuses them. At most 1000.
    pub unknown_fields: Vec<String>,
    /// Warnings beside those about unknown fields. At most some 2000.
    pub warnings: Vec<String>,
    /// Rules and patterns without a verdict. A server may refuse the object because of one. At most some 2000.
    pub not_evaluated: Vec<NotEvaluated>,
}

impl Verdict {
    /// Returns whether the server accepts the object, as far as the object was evaluated.
    pub fn is_accepted(&self) -> bool {
        self.malformed.is_none() && self.causes.is_empty()
    }

    /// Returns whether the verdict is certain: the object is refused, or every rule and pattern was evaluated.
    pub fn is_decided(&self) -> bool {
        !self.is_accepted() || self.not_evaluated.is_empty()
    }

    /// Turns a verdict that is not certain into a refusal, with a cause for each entry of
    /// [`not_evaluated`](Self::not_evaluated). Returns any other verdict unchanged. For stores that must not accept an
    /// object that was not fully evaluated.
    ///
    /// The cause of a rule that cost too much has the server's words, since a server refuses the object too.
    #[must_use]
    pub fn refusing_undecided(mut self) -> Self {
        if !self.is_decided() {
            self.causes = self.not_evaluated.iter().map(NotEvaluated::cause).collect();
        }
        self
    }
}

/// Reason for a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Error type, `reason` in an answer.
    pub reason: CauseReason,
    /// Path of the value, for example `spec.ports[0].name`; `<nil>` where the server names none.
    pub field: String,
    /// Description of the violation, close to the server's words.
    pub message: String,
    /// Path of the value when `field` is `<nil>` although the cause is about one value. No server sends it.
    pub place: Option<String>,
}

impl Cause {
    /// Value of `field` where the server names no field.
    pub const NO_FIELD: &'static str = "<nil>";

    /// Creates a cause about a field. A message of more than 8 KiB is cut off.
    pub fn new(reason: CauseReason, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { reason, field: field.into(), message: truncate::message(message.into()), place: None }
    }

    /// Returns the path of the value, or `None` if the cause is about the whole object.
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

/// Findings of one kind, in the order in which they are found. Only the first 1000 are kept: a hostile object could
/// have millions.
#[derive(Clone, Debug)]
pub(crate) struct Limited<T>(Vec<T>);

/// Causes of a refusal.
pub(crate) type Causes = Limited<Cause>;

impl<T> Limited<T> {
    /// Maximum number of findings. The server lists all of them.
    pub(crate) const MOST: usize = 1000;

    pub(crate) fn push(&mut self, finding: T) {
        self.push_with(|| finding);
    }

    /// Adds a finding, which is created only if there is room.
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

impl<T: Ord> Limited<T> {
    pub(crate) fn sort(&mut self) {
        self.0.sort_unstable();
    }
}

impl<T> Default for Limited<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Extend<T> for Limited<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, findings: I) {
        let room = Self::MOST - self.0.len();
        self.0.extend(findings.into_iter().take(room));
    }
}

/// Error type of a cause: the error types of `k8s.io/apimachinery/pkg/util/validation/field`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CauseReason {
    /// `FieldValueRequired`: a required value is absent.
    Required,
    /// `FieldValueInvalid`: the value is not valid.
    Invalid,
    /// `FieldValueTypeInvalid`: the value has the wrong type.
    TypeInvalid,
    /// `FieldValueNotSupported`: the value is not one of an enumeration.
    NotSupported,
    /// `FieldValueForbidden`: the value is not allowed here.
    Forbidden,
    /// `FieldValueDuplicate`: the value occurs twice.
    Duplicate,
    /// `FieldValueTooLong`: the value is too long.
    TooLong,
    /// `FieldValueTooMany`: the list or object has too many entries.
    TooMany,
}

impl CauseReason {
    /// Returns the reason as an answer contains it.
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

    /// Returns whether the server evaluates no CEL rules if there is such a cause.
    pub fn keeps_rules_from_running(self) -> bool {
        matches!(self, Self::Required | Self::TypeInvalid | Self::NotSupported | Self::TooLong | Self::TooMany)
    }
}

impl fmt::Display for CauseReason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// Rule or pattern without a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotEvaluated {
    /// The path of the value.
    pub field: String,
    /// Rule or pattern, cut off after 1 KiB.
    pub expression: String,
    /// Kind of obstacle.
    pub obstacle: Obstacle,
    /// Description of the obstacle, in the server's words if the budget for rules is spent.
    pub reason: String,
}

impl NotEvaluated {
    pub(crate) fn new(field: String, expression: &str, obstacle: Obstacle, reason: impl Into<String>) -> Self {
        Self { field, expression: truncate::plain(expression), obstacle, reason: truncate::message(reason.into()) }
    }

    /// Returns the cause for refusing the object.
    pub(crate) fn cause(&self) -> Cause {
        let Self { expression, reason, .. } = self;
        let message = match self.obstacle {
            Obstacle::BudgetSpent => format!("Invalid value: {reason}"),
            Obstacle::Unsupported => format!("Invalid value: `{expression}` cannot be evaluated: {reason}"),
        };
        Cause::new(CauseReason::Invalid, self.field.as_str(), message)
    }
}
