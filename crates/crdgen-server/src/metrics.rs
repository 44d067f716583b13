//! `/metrics` for Prometheus: number of requests, their duration, requests in flight, bytes and open watches.
//!
//! The `route` label is the route template and the `method` label is one of the HTTP methods, so a caller cannot create
//! time series. A request is counted when its answer was sent or given up. Its duration ends there too. Watches have no
//! duration.

use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::task::{Context, Poll};
use std::time::Instant;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use http_body::{Frame, SizeHint};
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use super::trace::{UNMATCHED, method};
use super::{method_not_allowed, watch};

pub use prometheus_client;

const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Metrics of a service. Clones share the same registry.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Arc<RwLock<Registry>>,
    requests: Family<Answered, Counter>,
    duration: Family<Asked, Histogram>,
    in_flight: Gauge,
    bytes: Family<Asked, Counter>,
    watches: Family<Asked, Gauge>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: &'static str,
    route: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: Arc<str>,
    status: u16,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Creates the request metrics, all zero.
    pub fn new() -> Self {
        // Buckets from 1 ms to 33 s.
        let duration: fn() -> Histogram = || Histogram::new(exponential_buckets(0.001, 2.0, 16));
        let metrics = Self {
            registry: Arc::default(),
            requests: Family::default(),
            duration: Family::new_with_constructor(duration),
            in_flight: Gauge::default(),
            bytes: Family::default(),
            watches: Family::default(),
        };
        metrics.register(|registry| {
            registry.register("http_requests", "Requests that were answered", metrics.requests.clone());
            let help = "Seconds from a request to the end of its answer";
            registry.register("http_request_duration_seconds", help, metrics.duration.clone());
            registry.register("http_requests_in_flight", "Requests that are under way", metrics.in_flight.clone());
            registry.register("http_response_bytes", "Bytes of the bodies of answers", metrics.bytes.clone());
            registry.register("http_watches_open", "Watches that are open", metrics.watches.clone());
        });
        metrics
    }

    /// Registers further metrics of the service, which are served together with the request metrics.
    pub fn register(&self, add: impl FnOnce(&mut Registry)) {
        add(&mut self.registry.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// Returns all metrics in the OpenMetrics text format.
    pub fn text(&self) -> String {
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        // Writing to a `String` cannot fail.
        let _ = text::encode(&mut text, &registry);
        text
    }

    /// Returns the route `/metrics`.
    pub fn routes(&self) -> Router {
        let answer = async |State(metrics): State<Self>| ([(header::CONTENT_TYPE, MEDIA_TYPE)], metrics.text());
        let route = get(answer).with_state(self.clone());
        Router::new().route("/metrics", route).method_not_allowed_fallback(method_not_allowed)
    }

    /// Counts the requests of the routes.
    pub fn around(&self, router: Router) -> Router {
        router.layer(from_fn_with_state(self.clone(), counted))
    }
}

async fn counted(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let count = Count::begin(metrics, &request);
    let response = next.run(request).await;
    let count = count.answered(&response);
    response.map(|body| Body::new(Counted { body, count }))
}

/// Request in progress. Its metrics are recorded when it is dropped.
struct Count {
    metrics: Metrics,
    asked: Asked,
    begin: Instant,
    outcome: Outcome,
    bytes: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// The caller closed the connection before there was an answer.
    GivenUp,
    Answer(u16),
    Watch(u16),
}

/// Status code for a request whose caller closed the connection, as nginx counts it.
const CLIENT_CLOSED_REQUEST: u16 = 499;

impl Count {
    fn begin(metrics: Metrics, request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>().map_or(UNMATCHED, MatchedPath::as_str);
        let asked = Asked { method: method(request), route: route.into() };
        metrics.in_flight.inc();
        Self { metrics, asked, begin: Instant::now(), outcome: Outcome::GivenUp, bytes: 0 }
    }

    fn answered(mut self, response: &Response) -> Self {
        let status = response.status().as_u16();
        self.outcome = Outcome::Answer(status);
        if watch::is_watch(response) {
            self.outcome = Outcome::Watch(status);
            self.metrics.watches.get_or_create(&self.asked).inc();
        }
        self
    }
}

impl Drop for Count {
    fn drop(&mut self) {
        let Self { metrics, asked, begin, outcome, bytes } = self;
        metrics.in_flight.dec();
        metrics.bytes.get_or_create(asked).inc_by(*bytes);
        let status = match *outcome {
            Outcome::GivenUp => CLIENT_CLOSED_REQUEST,
            Outcome::Answer(status) | Outcome::Watch(status) => status,
        };
        if let Outcome::Watch(_) = outcome {
            metrics.watches.get_or_create(asked).dec();
        } else {
            metrics.duration.get_or_create(asked).observe(begin.elapsed().as_secs_f64());
        }
        let answered = Answered { method: asked.method, route: asked.route.clone(), status };
        metrics.requests.get_or_create(&answered).inc();
    }
}

struct Counted {
    body: Body,
    count: Count,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &frame {
            self.count.bytes += frame.data_ref().map_or(0, Bytes::len) as u64;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
