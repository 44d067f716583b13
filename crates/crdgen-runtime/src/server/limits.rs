//! Limits of requests: their size, their time, and their number at once.
//!
//! # Places
//!
//! | place | taken | given back | number |
//! |---|---|---|---|
//! | of a request whose body has not come | with its head | when the body is whole | [`requests`](Limits::requests) |
//! | of a request | with its head, or when its body is whole | when the head of its answer is made | [`requests`](Limits::requests) |
//! | of a watch | when it begins | when its stream ends | [`watches`](Limits::watches) |
//!
//! Slow bodies therefore never take the places of whole requests. One holder can have one in [`share`](Limits::share) of each
//! sort. The holder is the peer's address (the /64 network for IPv6) until the caller is known, and the caller from then on;
//! behind a proxy that is named by [`Server::proxies`](super::serve::Server::proxies), it is the address that the proxy tells.
//! A request without a place is answered with 429 and `Retry-After`; the problem names the limit. `/healthz` and `/readyz`
//! need no place.
//!
//! # Time
//!
//! [`time`](Limits::time) is that until the answer begins, so that a watch may go on for ever and a large list for as long as
//! its reader reads. Headers are limited where connections are, in [`serve`](super::serve).

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::HttpBody;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};

use super::arrival::{self, Arrival, Pace};
use super::places::{Entry, Holder, Places};
use super::watch::is_watch;
use crate::backend::Reason;
use crate::problem::Problem;

/// Limits of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body. Default: 3 MiB, as with the API server.
    pub body: usize,
    /// Bytes of a URL's path and query. Default: 8 KiB.
    pub url: usize,
    /// Requests whose answer has not begun. As many again may wait for their bodies. Default: 400, as with the API server's
    /// reads.
    pub requests: usize,
    /// Watches that are open. Default: 1000.
    pub watches: usize,
    /// Part of all places, and of all connections, that one caller or address can have: one in so many, and at least one.
    /// Default: 4, a quarter. With 1, a single caller can have all.
    pub share: usize,
    /// Time until the answer begins, and longest time for a body. Default: 60 s, as with the API server.
    pub time: Duration,
    /// Time that every body has to come, from when it is waited for. Default: 10 s.
    pub body_time: Duration,
    /// Bytes of a body that give it one more second, beyond `body_time`: a body that comes more slowly is given up. Default:
    /// 64 KiB.
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
            time: Duration::from_secs(60),
            body_time: Duration::from_secs(10),
            body_rate: 64 << 10,
        }
    }
}

impl Limits {
    /// Puts the limits around the routes.
    ///
    /// Served by other means than [`Server`](super::serve::Server), requests have no address, and only the totals are held
    /// until the caller is known.
    pub fn around(self, router: Router) -> Router {
        let gate = Gate { limits: self, places: Places::new(self.requests, self.watches, self.share) };
        router.layer(DefaultBodyLimit::max(self.body)).layer(from_fn_with_state(gate, pass))
    }
}

/// How well the sender of a request is known, in the extensions of the answer. Connections of those who are better known stay
/// open for longer when there are too many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// Nothing was answered with success.
    #[default]
    Unknown,
    /// Something was.
    Served,
    /// The caller is known.
    Known,
}

#[derive(Clone)]
struct Gate {
    limits: Limits,
    places: Arc<Places>,
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

/// A request in its place, which it leaves when this is dropped.
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
        let response = match tokio::time::timeout(self.limits.time, next.run(request)).await {
            Ok(response) => arrival.judge(response),
            Err(_) if arrival.has_come() => {
                let detail = "the request took too long; whether it had an effect is not known";
                Problem::new(Reason::Timeout, detail).into_response()
            }
            Err(_) => arrival::late().into_response(),
        };
        judged(watched(response, entry), entry)
    }
}

/// Takes the place of a watch, if the handler has not.
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

/// Tells callers for whom there is no place now when to come back.
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
        // What says that it is too large is refused before it is sent; what does not is cut off by the body limit.
        if request.body().size_hint().lower() > self.body as u64 {
            let detail = format!("the body is larger than {} bytes", self.body);
            return Err(Problem::new(Reason::RequestEntityTooLarge, detail));
        }
        Ok(())
    }
}
