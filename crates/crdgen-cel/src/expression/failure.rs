//! Failures of evaluation.

use std::borrow::Cow;

/// Reason why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The API server fails too, so a rule counts as violated. The text describes the error in words of this crate, not
    /// the server's.
    #[error("{0}")]
    Error(Cow<'static, str>),
    /// The API server may be able to evaluate the expression: no verdict. The text says what is not known here.
    #[error("{0}")]
    Unknown(Cow<'static, str>),
    /// The budget is spent: no verdict.
    #[error("the budget is spent")]
    Exhausted,
}

pub(super) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    pub(super) fn error<T>(message: impl Into<Cow<'static, str>>) -> Result<T> {
        Err(Self::Error(message.into()))
    }

    pub(super) fn unknown<T>(why: impl Into<Cow<'static, str>>) -> Result<T> {
        Err(Self::Unknown(why.into()))
    }

    /// Failure for argument types that no variant of a function accepts.
    pub(super) fn no_overload() -> Self {
        Self::Error("no such overload".into())
    }

    /// Returns the decisive one of two failures in an expression. `Exhausted` wins, then `Unknown`: the unknown part
    /// could also have had a value.
    pub(super) fn or(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::Exhausted, _) => self,
            (_, Self::Exhausted) | (Self::Error(_), Self::Unknown(_)) => other,
            _ => self,
        }
    }
}
