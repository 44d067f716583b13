//! What a request may cost: its size, its time, and how many there are at once.
//!
//! The time is that until the answer begins, so that a watch may go on for ever and a large list for as long as its reader
//! reads. Headers are limited where connections are, in [`serve`](super::serve).

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http_body::{Frame, SizeHint};
use tokio::sync::Semaphore;

use crate::backend::Reason;
use crate::problem::Problem;

/// Limits of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body: 3 MiB unless said otherwise, as with the API server.
    pub body: usize,
    /// Bytes of a URL's path and query: 8 KiB unless said otherwise.
    pub url: usize,
    /// Requests whose answer has not begun: 400 unless said otherwise, as with the API server's reads. Further ones are told
    /// to come back.
    pub requests: usize,
    /// Time until the answer begins: 60 s unless said otherwise, as with the API server.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body: 3 << 20, url: 8 << 10, requests: 400, time: Duration::from_secs(60) }
    }
}

impl Limits {
    /// Puts the limits around the routes.
    pub fn around(self, router: Router) -> Router {
        let gate = Gate { limits: self, requests: Arc::new(Semaphore::new(self.requests)) };
        router.layer(DefaultBodyLimit::max(self.body)).layer(from_fn_with_state(gate, pass))
    }
}

#[derive(Clone)]
struct Gate {
    limits: Limits,
    requests: Arc<Semaphore>,
}

async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    if let Err(problem) = gate.limits.check(&request) {
        return problem.into_response();
    }
    let Ok(_place) = gate.requests.try_acquire() else {
        let problem = Problem::new(Reason::TooManyRequests, "too many requests are under way; try again later");
        return ([(header::RETRY_AFTER, HeaderValue::from_static("1"))], problem).into_response();
    };
    let (request, arrived) = Arriving::watch(request);
    match tokio::time::timeout(gate.limits.time, next.run(request)).await {
        Ok(response) => response,
        Err(_) if arrived.load(Ordering::Relaxed) => {
            let detail = "the request took too long; whether it had an effect is not known";
            Problem::new(Reason::Timeout, detail).into_response()
        }
        Err(_) => Problem::new(Reason::Timeout, "the body did not arrive in time")
            .with_status(StatusCode::REQUEST_TIMEOUT)
            .into_response(),
    }
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

/// A request's body, and whether all of it has come: a timeout is the sender's fault before that and the server's after.
struct Arriving {
    body: Body,
    arrived: Arc<AtomicBool>,
}

impl Arriving {
    fn watch(request: Request) -> (Request, Arc<AtomicBool>) {
        let arrived = Arc::new(AtomicBool::new(request.body().is_end_stream()));
        let request = request.map(|body| Body::new(Self { body, arrived: arrived.clone() }));
        (request, arrived)
    }
}

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if self.body.is_end_stream() || matches!(frame, Poll::Ready(None)) {
            self.arrived.store(true, Ordering::Relaxed);
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
