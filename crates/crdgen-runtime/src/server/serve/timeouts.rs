//! Times that connections have.

use std::time::Duration;

/// Time that connections have; that of requests is in [`Limits`](crate::server::limits::Limits).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For the TLS handshake, for the head of a request, and between the requests of an HTTP/1 connection. Default: 30 s.
    pub head: Duration,
    /// For a reader to take 32 KiB of an answer, or all that there is of it so far. One that takes less is cut off: its
    /// connection, or its stream on HTTP/2. Default: 60 s.
    pub write: Duration,
    /// Without a request under way: a connection ends after it, whatever else the peer sends (pings, settings). A watch is
    /// under way. Default: 60 s.
    pub idle: Duration,
    /// Of a connection, give or take a tenth: it takes no requests after that (`GOAWAY`, `Connection: close`), ends with
    /// those that are under way, and is cut off after as long again unless one of them is a watch. Default: 1 h.
    pub age: Duration,
    /// From being asked to stop until connections are no longer accepted. The service is not ready then, and load balancers
    /// that are slow to see it have this long to stop sending. Default: none.
    pub notice: Duration,
    /// For requests under way when the server stops. Default: 30 s.
    pub drain: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            head: seconds(30),
            write: seconds(60),
            idle: seconds(60),
            age: seconds(3600),
            notice: Duration::ZERO,
            drain: seconds(30),
        }
    }
}
