//! Limits of requests: size, time, and concurrency.
//!
//! # Permits
//!
//! A request needs permits, like those of a semaphore. There are four pools of permits:
//!
//! | a permit is for | taken | returned | number of permits |
//! |---|---|---|---|
//! | a request with an incomplete body | when the request head has arrived | when the body is complete | [`max_requests`] |
//! | a request with a complete or no body | when head and body are complete | when the answer begins | [`max_requests`] |
//! | a watch | when the watch begins | when its stream ends | [`max_watches`] |
//! | 64 KiB of a body, except its first 64 KiB | when the bytes arrive | when the answer begins | [`max_total_body_bytes`] / 64 KiB |
//!
//! Incomplete bodies have a pool of their own, so slow bodies never use the permits of complete requests.
//!
//! A request or watch that gets no permit is answered with 429 and `Retry-After`. The problem document names the limit.
//! `/healthz` and `/readyz` need no permit.
//!
//! One caller can have the fraction 1/[`caller_divisor`](Limits::caller_divisor) of the permits of each pool. Until the caller is known,
//! permits count for the address of the connection (for IPv6, its /64 network). Behind a proxy of
//! [`Server::proxies`](super::serve::Server::proxies), permits count for the address that the proxy reports.
//!
//! # Time
//!
//! [`request_timeout`](Limits::request_timeout) limits the time until the answer begins, and not the time of the answer itself. So a watch may
//! last forever, and a reader may take a large list slowly. [`serve`](super::serve) limits the time for request heads
//! and for readers of answers.
//!
//! # Memory
//!
//! Decoded JSON needs memory until the answer begins. A request with more than 16 KiB of JSON, in its body or in the
//! object that it changes, waits while all such requests together would decode more than [`max_decoding_bytes`](Limits::max_decoding_bytes)
//! bytes of JSON text.
//!
//! [`max_total_body_bytes`]: Limits::max_total_body_bytes
//! [`max_requests`]: Limits::max_requests
//! [`max_watches`]: Limits::max_watches

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::HttpBody;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use crdgen_backend::Reason;
use crdgen_backend::work::Memory;

use super::arrival::{self, Arrival, Pace};
use super::permits::{Holder, Pools, RequestPermit, Sizes};
use super::watch::is_watch;
use crate::problem::Problem;

/// Limits of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest body, in bytes. Default: 3 MiB, as on an API server.
    pub max_body_bytes: usize,
    /// Longest path and query of a URL, in bytes. Default: 8 KiB.
    pub max_url_bytes: usize,
    /// Largest number of complete requests whose answer has not begun. The same number of requests may have an
    /// incomplete body. Default: 400, the API server's limit for reads.
    pub max_requests: usize,
    /// Largest number of open watches. Default: 1000.
    pub max_watches: usize,
    /// Divisor for the part that one caller or address can have: 1/`caller_divisor` of the permits of each pool and of all
    /// connections, and at least one. Default: 4, so a quarter. With 1, a single caller can have all of them.
    pub caller_divisor: usize,
    /// Largest size of all bodies together, in bytes. A body counts until the answer begins. The first 64 KiB of each
    /// body do not count. Default: 128 MiB, of which one caller can have 1/[`caller_divisor`](Self::caller_divisor).
    pub max_total_body_bytes: usize,
    /// Largest number of bytes of JSON text that are decoded at the same time. A request with more than 16 KiB of JSON
    /// waits until other requests have decoded less, at most for [`request_timeout`](Self::request_timeout). Decoded JSON takes up to 25
    /// times the memory of its text. Default: 8 MiB.
    pub max_decoding_bytes: usize,
    /// Largest size of all large events together, in bytes, that watches on an API server keep until their readers take
    /// them. An event is large if it has more than 64 KiB. A watch reads its next large event only if the limit allows
    /// that, and waits otherwise. Default: 64 MiB, of which one caller can have 1/[`caller_divisor`](Self::caller_divisor).
    pub max_event_bytes: usize,
    /// Time limit for a request, from its head until the answer begins. A body must arrive within this time too.
    /// Default: 60 s, as on an API server.
    pub request_timeout: Duration,
    /// Time limit for the arrival of a body without the additions of [`body_bytes_per_second`](Self::body_bytes_per_second). The time begins
    /// when the handler first waits for the body. Default: 10 s.
    pub body_timeout: Duration,
    /// Number of arrived body bytes that add one second to [`body_timeout`](Self::body_timeout). A slower body is answered
    /// with 408. Default: 64 KiB.
    pub body_bytes_per_second: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_body_bytes: 3 << 20,
            max_url_bytes: 8 << 10,
            max_requests: 400,
            max_watches: 1000,
            caller_divisor: 4,
            max_total_body_bytes: 128 << 20,
            max_decoding_bytes: 8 << 20,
            max_event_bytes: 64 << 20,
            request_timeout: Duration::from_secs(60),
            body_timeout: Duration::from_secs(10),
            body_bytes_per_second: 64 << 10,
        }
    }
}

impl Limits {
    /// Returns the router with a layer that applies the limits.
    ///
    /// Only [`Server`](super::serve::Server) adds the address of the connection to a request. With another server, only
    /// the limits of all callers together apply until the caller is known.
    pub fn around(self, router: Router) -> Router {
        let pools = Pools::new(Sizes {
            requests: self.max_requests,
            watches: self.max_watches,
            bodies: self.max_total_body_bytes,
            events: self.max_event_bytes,
            share: self.caller_divisor,
        });
        let gate = Gate { limits: self, pools, memory: Memory::new(self.max_decoding_bytes) };
        router.layer(DefaultBodyLimit::max(self.max_body_bytes)).layer(from_fn_with_state(gate, pass))
    }
}

/// Trust in the sender of a request, stored in the extensions of the answer. If there are too many connections, those
/// with the lowest trust are closed first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// No request was answered with success.
    #[default]
    Unknown,
    /// A request was answered with success.
    Served,
    /// The caller is known.
    Known,
}

#[derive(Clone)]
struct Gate {
    limits: Limits,
    pools: Arc<Pools>,
    memory: Memory,
}

async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let admitted = gate.admit(&request).map(PermitGuard);
    let entry = admitted.as_ref().ok().map(|guard| guard.0.clone());
    let pace = Pace { time: gate.limits.body_timeout, rate: gate.limits.body_bytes_per_second };
    let (request, arrival) = Arrival::watch(request, entry, pace);
    let response = match &admitted {
        Ok(guard) => gate.answer(request, &guard.0, &arrival, next).await,
        Err(problem) => {
            drop(request);
            problem.clone().into_response()
        }
    };
    arrival.settle(with_retry_after(response)).await
}

/// Guard of a request's permits. Dropping the guard returns the permits.
struct PermitGuard(RequestPermit);

impl Drop for PermitGuard {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl Gate {
    fn admit(&self, request: &Request) -> Result<RequestPermit, Problem> {
        self.limits.check(request)?;
        let holder = request.extensions().get::<Holder>().cloned();
        self.pools.admit(holder, request.body().is_end_stream())
    }

    async fn answer(&self, mut request: Request, entry: &RequestPermit, arrival: &Arrival, next: Next) -> Response {
        request.extensions_mut().insert(entry.clone());
        let response =
            match tokio::time::timeout(self.limits.request_timeout, self.memory.around(next.run(request))).await {
                Ok(response) => arrival.judge(response),
                Err(_) if arrival.has_come() => {
                    let detail = "the request took too long, and may or may not have taken effect";
                    Problem::new(Reason::Timeout, detail).into_response()
                }
                Err(_) => arrival::late().into_response(),
            };
        with_standing(watched(response, entry), entry)
    }
}

/// Takes the permit of a watch, unless the handler has taken one.
fn watched(response: Response, entry: &RequestPermit) -> Response {
    if !is_watch(&response) {
        return response;
    }
    match entry.watch() {
        Ok(watch_permit) => watch_permit.hold(response),
        Err(problem) => problem.into_response(),
    }
}

fn with_standing(mut response: Response, entry: &RequestPermit) -> Response {
    let is_served = response.status() < StatusCode::BAD_REQUEST;
    let standing = match (entry.is_known(), is_served) {
        (true, _) => Standing::Known,
        (false, true) => Standing::Served,
        (false, false) => Standing::Unknown,
    };
    response.extensions_mut().insert(standing);
    response
}

/// Adds `Retry-After` to a 429 or 503 answer.
pub(super) fn with_retry_after(mut response: Response) -> Response {
    if matches!(response.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        response.headers_mut().entry(header::RETRY_AFTER).or_insert(HeaderValue::from_static("1"));
    }
    response
}

impl Limits {
    fn check(&self, request: &Request) -> Result<(), Problem> {
        let url = request.uri().path_and_query().map_or(0, |url| url.as_str().len());
        if url > self.max_url_bytes {
            let detail = format!("the URL is longer than {} bytes", self.max_url_bytes);
            return Err(Problem::new(Reason::BadRequest, detail).with_status(StatusCode::URI_TOO_LONG));
        }
        // A body with a known length is refused before it is sent. `DefaultBodyLimit` cuts off a body of unknown
        // length.
        if request.body().size_hint().lower() > self.max_body_bytes as u64 {
            let detail = format!("the body is larger than {} bytes", self.max_body_bytes);
            return Err(Problem::new(Reason::RequestEntityTooLarge, detail));
        }
        Ok(())
    }
}
