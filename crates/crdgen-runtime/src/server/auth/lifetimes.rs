//! How long what the API server said is taken for true.

use std::time::Duration;

/// How long what the API server said is taken for true. Until then a token that is revoked still counts, and a right that is
/// granted does not yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// Whom a token belongs to: 10 s unless said otherwise.
    pub user: Duration,
    /// That a token belongs to nobody: 10 s unless said otherwise.
    pub nobody: Duration,
    /// That a user may: 10 s unless said otherwise.
    pub allowed: Duration,
    /// That a user may not: 5 s unless said otherwise.
    pub denied: Duration,
}

impl Default for Lifetimes {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { user: seconds(10), nobody: seconds(10), allowed: seconds(10), denied: seconds(5) }
    }
}
