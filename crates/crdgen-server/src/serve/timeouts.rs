//! Time limits of connections.

use std::time::Duration;

/// Time limits of connections. [`Limits`](crate::limits::Limits) has those of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Time for the TLS handshake, for the head of a request, and between two requests of an HTTP/1 connection.
    /// Default: 30 s.
    pub head: Duration,
    /// Time for a reader to take 32 KiB of an answer, or all that is available of it. A slower reader is cut off: its
    /// connection on HTTP/1, its stream on HTTP/2. Default: 60 s.
    pub write: Duration,
    /// Time without a request in progress, after which a connection ends. Other frames of the peer (pings, settings) do
    /// not extend it. An open watch is a request in progress. Default: 60 s.
    pub idle: Duration,
    /// Age of a connection, plus or minus a tenth, after which it takes no more requests (`GOAWAY`, `Connection:
    /// close`). The connection then ends when its requests in progress have ended. It is cut off after a second period
    /// of this length, unless a watch is open. Default: 1 h.
    pub max_connection_age: Duration,
    /// Time between the request to stop and the end of accepting connections. During this time the service is not
    /// ready, so that slow load balancers can stop sending requests. Default: zero.
    pub shutdown_delay: Duration,
    /// Time for requests in progress when the server stops. Default: 30 s.
    pub shutdown_grace: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            head: seconds(30),
            write: seconds(60),
            idle: seconds(60),
            max_connection_age: seconds(3600),
            shutdown_delay: Duration::ZERO,
            shutdown_grace: seconds(30),
        }
    }
}
