//! State of an open connection: its requests, and the time at which it became idle.

use std::future::pending;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::proxies::Proxies;
use crate::body_guard::guard;
use crate::limits::Standing;
use crate::permits::{Holder, Permits};
use crate::watch::is_watch;

/// Time that a connection has to close after it was told to, once no request is in progress.
const FAREWELL: Duration = Duration::from_secs(10);

/// Shortest interval between two checks of whether a connection is idle.
const MOMENT: Duration = Duration::from_millis(10);
/// Upper bound of timeouts, since the clock may not represent later times.
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// Open connection.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) number: u64,
    pub(super) address: SocketAddr,
    /// Cancelled when the connection is cut.
    pub(super) end: CancellationToken,
    proxies: Arc<Proxies>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// `None` once the connection has been cut.
    permit: Option<Permits>,
    standing: Standing,
    has_asked: bool,
    /// Number of requests whose answer has not ended.
    requests: usize,
    /// Number of these requests that are watches.
    watches: usize,
    /// Time when the last request ended.
    idle_since: Instant,
}

impl Peer {
    pub(super) fn new(number: u64, address: SocketAddr, permit: Permits, proxies: Arc<Proxies>) -> Arc<Self> {
        let state = State {
            permit: Some(permit),
            standing: Standing::Unknown,
            has_asked: false,
            requests: 0,
            watches: 0,
            idle_since: Instant::now(),
        };
        Arc::new(Self { number, address, end: CancellationToken::new(), proxies, state: Mutex::new(state) })
    }

    pub(super) fn ip(&self) -> IpAddr {
        self.address.ip()
    }

    /// Returns the holder of the permits of a request.
    pub(super) fn holder(&self, request: &Request<Incoming>) -> Holder {
        self.proxies.holder(self.ip(), self.number, request.headers())
    }

    /// Begins a request.
    pub(super) fn begin(self: &Arc<Self>) -> UnderWay {
        let mut state = self.state();
        state.has_asked = true;
        state.requests += 1;
        UnderWay { peer: self.clone(), is_watch: false }
    }

    /// Returns the order in which idle connections are cut when there are too many: lowest standing first, then longest
    /// idle. Returns `None` if a request is in progress or the connection has already been cut.
    pub(super) fn worth(&self) -> Option<(Standing, Instant)> {
        let state = self.state();
        (state.requests == 0 && state.permit.is_some()).then_some((state.standing, state.idle_since))
    }

    /// Cuts the connection, and gives its permit back.
    pub(super) fn cut(&self) {
        let permit = self.state().permit.take();
        drop(permit);
        self.end.cancel();
    }

    /// Completes after `patience` if there was no request until then; otherwise never.
    pub(super) async fn is_silent(&self, patience: Duration) {
        sleep(patience).await;
        if self.state().has_asked {
            pending::<()>().await;
        }
    }

    /// Completes when no request has been in progress for `time`.
    pub(super) async fn is_idle(&self, time: Duration) {
        while let Some(end) = self.idle_until(time) {
            sleep_until(end).await;
        }
    }

    /// Returns the earliest time at which the connection can have been idle for `time`. Returns `None` when it already
    /// has.
    fn idle_until(&self, time: Duration) -> Option<Instant> {
        let state = self.state();
        let now = Instant::now();
        if state.requests > 0 {
            return Some(now + time.clamp(MOMENT, YEAR));
        }
        let end = state.idle_since + time.min(YEAR);
        (end > now).then_some(end)
    }

    /// Completes when a connection that was told to end has had enough time: [`FAREWELL`] after its last request, or
    /// after `age` unless a watch is open.
    pub(super) async fn is_overdue(&self, age: Duration) {
        let aged = async {
            loop {
                sleep(age).await;
                if self.state().watches == 0 {
                    return;
                }
            }
        };
        tokio::select! {
            () = self.is_idle(FAREWELL) => {}
            () = aged => {}
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Request in progress. Dropping it ends the request.
#[derive(Debug)]
pub(super) struct UnderWay {
    peer: Arc<Peer>,
    is_watch: bool,
}

impl UnderWay {
    /// Keeps the request in progress until the body of the answer is sent or dropped.
    pub(super) fn answered(mut self, response: Response) -> Response {
        let standing = response.extensions().get::<Standing>().copied().unwrap_or_default();
        self.is_watch = is_watch(&response);
        let mut state = self.peer.state();
        state.standing = state.standing.max(standing);
        state.watches += usize::from(self.is_watch);
        drop(state);
        guard(response, self)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut state = self.peer.state();
        state.requests -= 1;
        state.watches -= usize::from(self.is_watch);
        state.idle_since = Instant::now();
    }
}
