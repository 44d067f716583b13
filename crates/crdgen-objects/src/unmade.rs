//! Reasons why no valid value was made.

use std::fmt;

/// Reason why no valid object was made: the constraint that no value was found for.
///
/// A valid object may still exist. The search has a fixed limit, and an expression that only a server can evaluate has
/// no certain verdict.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Unmade {
    /// Path of the value, for example `spec.ports[].name`. Empty for the object itself.
    pub path: String,
    /// Constraint of the value and the problem with it.
    pub reason: String,
}

impl Unmade {
    pub(crate) fn new(path: impl fmt::Display, reason: impl Into<String>) -> Self {
        Self { path: path.to_string(), reason: reason.into() }
    }
}

impl fmt::Display for Unmade {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => out.write_str(&self.reason),
            path => write!(out, "{path}: {}", self.reason),
        }
    }
}
