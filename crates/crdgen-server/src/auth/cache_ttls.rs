//! Lifetimes of cached answers of the API server.

use std::time::Duration;

/// Lifetimes of cached answers of the API server. Until an answer expires, a revoked token is still accepted, and a
/// newly granted permission is still denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheTtls {
    /// Lifetime of the user of a token. Default: 10 s.
    pub authenticated: Duration,
    /// Lifetime of the answer that a token is invalid. Default: 10 s.
    pub unauthenticated: Duration,
    /// Lifetime of the answer that a user is allowed. Default: 10 s.
    pub allowed: Duration,
    /// Lifetime of the answer that a user is denied. Default: 5 s.
    pub denied: Duration,
}

impl Default for CacheTtls {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { authenticated: seconds(10), unauthenticated: seconds(10), allowed: seconds(10), denied: seconds(5) }
    }
}
