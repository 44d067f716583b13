//! Limits of requests: size, time, and concurrency.
//!
//! # Places
//!
//! A place is a permit from a pool. A request or watch that gets no place is refused.
//!
//! | place | taken | given back | number |
//! |---|---|---|---|
//! | request with an incomplete body | when its head has arrived | when the body is complete | [`requests`] |
//! | complete request | when its head, or its body, is complete | when the head of its answer is made | [`requests`] |
//! | watch | when the watch begins | when its stream ends | [`watches`] |
//! | 64 KiB of a body, behind its first 64 KiB | when they arrive | when the head of the answer is made | [`bodies`] bytes |
//!
//! So slow bodies never take the places of complete requests. One holder can have one in [`share`](Limits::share) of
//! the places of each pool. The holder is the peer's address (the /64 network for IPv6) until the caller is known, and
//! the caller from then on. Behind a proxy named by [`Server::proxies`](super::serve::Server::proxies), the address is
//! the one that the proxy reports. A request without a place is answered with 429 and `Retry-After`, and the problem
//! names the limit. `/healthz` and `/readyz` need no place.
//!
//! # Time
//!
//! [`time`](Limits::time) ends when the answer begins. So a watch may last forever, and a large list may take as long
//! as its reader needs. The time for headers is limited for each connection, in [`serve`](super::serve).
//!
//! # Memory
//!
//! A request with more than 16 KiB of JSON, in its body or in the object that it changes, waits until no more than
//! [`decoded`](Limits::decoded) bytes of text are decoded at the same time.
//!
//! [`bodies`]: Limits::bodies
//! [`requests`]: Limits::requests
//! [`watches`]: Limits::watches

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
use super::places::{Entry, Holder, Places};
use super::watch::is_watch;
use crate::problem::Problem;

/// Limits of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest body, in bytes. Default: 3 MiB, as on an API server.
    pub body: usize,
    /// Longest path and query of a URL, in bytes. Default: 8 KiB.
    pub url: usize,
    /// Number of requests whose answer has not begun. The same number of requests may wait for their bodies. Default:
    /// 400, the API server's limit for reads.
    pub requests: usize,
    /// Number of open watches. Default: 1000.
    pub watches: usize,
    /// Divisor for the share of one caller or address: it can have one in `share` of all places and of all connections,
    /// and at least one. Default: 4, a quarter. With 1, a single caller can have all of them.
    pub share: usize,
    /// Number of bytes of all bodies together, as long as their requests are under way. The first 64 KiB of each body do
    /// not count. Default: 128 MiB, of which one caller can have a [`share`](Self::share).
    pub bodies: usize,
    /// Number of bytes of JSON text that may be decoded at the same time. A request with a text of more than 16 KiB waits
    /// until there is room for it, within [`time`](Self::time). Decoded JSON takes up to 25 times the memory of its text.
    /// Default: 8 MiB.
    pub decoded: usize,
    /// Number of bytes of events, above 64 KiB each, that watches on an API server have read and their readers have not
    /// taken. A watch waits until there is room for its event. Default: 64 MiB, of which one caller can have a
    /// [`share`](Self::share).
    pub events: usize,
    /// Time until the answer begins, and upper bound of the time for a body. Default: 60 s, as on an API server.
    pub time: Duration,
    /// Base time for a body to arrive, counted from when the handler first waits for it. Default: 10 s.
    pub body_time: Duration,
    /// Number of body bytes that add one second to `body_time`. A slower body is given up. Default: 64 KiB.
    pub body_rate: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 3 << 20,
            url: 8 << 10,
            requests: 400,
            watches: 1000,
            share: 4,
            bodies: 128 << 20,
            decoded: 8 << 20,
            events: 64 << 20,
            time: Duration::from_secs(60),
            body_time: Duration::from_secs(10),
            body_rate: 64 << 10,
        }
    }
}

impl Limits {
    /// Applies the limits to the routes.
    ///
    /// Without [`Server`](super::serve::Server), requests carry no address. Then only the total limits apply until the
    /// caller is known.
    pub fn around(self, router: Router) -> Router {
        let places = Places::new(&self);
        let gate = Gate { limits: self, places, memory: Memory::new(self.decoded) };
        router.layer(DefaultBodyLimit::max(self.body)).layer(from_fn_with_state(gate, pass))
    }
}

/// Degree to which the sender of a request is known, stored in the extensions of the answer. When there are too many
/// connections, those with the lowest standing are closed first.
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
    places: Arc<Places>,
    memory: Memory,
}

async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let admitted = gate.admit(&request).map(Stay);
    let entry = admitted.as_ref().ok().map(|stay| stay.0.clone());
    let pace = Pace { time: gate.limits.body_time, rate: gate.limits.body_rate };
    let (request, arrival) = Arrival::watch(request, entry, pace);
    let response = match &admitted {
        Ok(stay) => gate.answer(request, &stay.0, &arrival, next).await,
        Err(problem) => {
            drop(request);
            problem.clone().into_response()
        }
    };
    arrival.settle(come_back(response)).await
}

/// Request in its place. Dropping it gives the place back.
struct Stay(Entry);

impl Drop for Stay {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl Gate {
    fn admit(&self, request: &Request) -> Result<Entry, Problem> {
        self.limits.check(request)?;
        let holder = request.extensions().get::<Holder>().cloned();
        self.places.admit(holder, request.body().is_end_stream())
    }

    async fn answer(&self, mut request: Request, entry: &Entry, arrival: &Arrival, next: Next) -> Response {
        request.extensions_mut().insert(entry.clone());
        let response = match tokio::time::timeout(self.limits.time, self.memory.around(next.run(request))).await {
            Ok(response) => arrival.judge(response),
            Err(_) if arrival.has_come() => {
                let detail = "the request took too long, and may or may not have taken effect";
                Problem::new(Reason::Timeout, detail).into_response()
            }
            Err(_) => arrival::late().into_response(),
        };
        judged(watched(response, entry), entry)
    }
}

/// Takes a place for a watch, unless the handler has taken one.
fn watched(response: Response, entry: &Entry) -> Response {
    if !is_watch(&response) {
        return response;
    }
    match entry.watch() {
        Ok(ticket) => ticket.hold(response),
        Err(problem) => problem.into_response(),
    }
}

fn judged(mut response: Response, entry: &Entry) -> Response {
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
pub(super) fn come_back(mut response: Response) -> Response {
    if matches!(response.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        response.headers_mut().entry(header::RETRY_AFTER).or_insert(HeaderValue::from_static("1"));
    }
    response
}

impl Limits {
    fn check(&self, request: &Request) -> Result<(), Problem> {
        let url = request.uri().path_and_query().map_or(0, |url| url.as_str().len());
        if url > self.url {
            let detail = format!("the URL is longer than {} bytes", self.url);
            return Err(Problem::new(Reason::BadRequest, detail).with_status(StatusCode::URI_TOO_LONG));
        }
        // A body with a known length is refused before it is sent. `DefaultBodyLimit` cuts off a body of unknown
        // length.
        if request.body().size_hint().lower() > self.body as u64 {
            let detail = format!("the body is larger than {} bytes", self.body);
            return Err(Problem::new(Reason::RequestEntityTooLarge, detail));
        }
        Ok(())
    }
}
