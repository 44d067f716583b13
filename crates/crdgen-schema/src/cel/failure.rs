//! Why an expression has no value.

use std::borrow::Cow;

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The API server fails on it too, so the rule is broken.
    Error(Cow<'static, str>),
    /// The API server may know better: no verdict.
    Unknown(Cow<'static, str>),
    /// The budget is spent: no verdict, and nothing more is tried.
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

    /// The argument types fit no variant of a function.
    pub(super) fn no_overload() -> Self {
        Self::Error("no such overload".into())
    }

    /// Of two failures in one expression, that which decides: what cannot be judged could also have been a value.
    pub(super) fn or(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::Exhausted, _) => self,
            (_, Self::Exhausted) | (Self::Error(_), Self::Unknown(_)) => other,
            _ => self,
        }
    }
}
