//! How long connections may take for what is theirs to do.

use std::time::Duration;

/// Time that connections have; that of requests is in [`Limits`](crate::server::limits::Limits).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For the TLS handshake, for the head of a request, and between requests: 30 s unless said otherwise.
    pub head: Duration,
    /// For a reader to take something of an answer: 60 s unless said otherwise. A watcher that takes nothing for so long is
    /// cut off.
    pub write: Duration,
    /// From being asked to stop until connections are no longer accepted: nothing unless said otherwise. The service is not
    /// ready then, and load balancers that are slow to see it have this long to stop sending.
    pub notice: Duration,
    /// For requests under way when the server stops: 30 s unless said otherwise.
    pub drain: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { head: seconds(30), write: seconds(60), notice: Duration::ZERO, drain: seconds(30) }
    }
}
