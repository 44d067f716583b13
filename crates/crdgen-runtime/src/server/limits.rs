//! What a request may cost: its size, its time, and how many there are at once.
//!
//! The time is that until the answer begins, so that a watch may go on for ever and a large list for as long as its reader
//! reads. Headers are limited where connections are, in [`serve`](super::serve).

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::HttpBody;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;

use super::arrival::Arrival;
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
    let (request, arrival) = Arrival::watch(request);
    let response = gate.answer(request, &arrival, next).await;
    arrival.settle(response).await
}

impl Gate {
    async fn answer(&self, request: Request, arrival: &Arrival, next: Next) -> Response {
        if let Err(problem) = self.limits.check(&request) {
            return problem.into_response();
        }
        let Ok(_place) = self.requests.try_acquire() else {
            let problem = Problem::new(Reason::TooManyRequests, "too many requests are under way; try again later");
            return ([(header::RETRY_AFTER, HeaderValue::from_static("1"))], problem).into_response();
        };
        match tokio::time::timeout(self.limits.time, next.run(request)).await {
            Ok(response) => response,
            Err(_) if arrival.has_come() => {
                let detail = "the request took too long; whether it had an effect is not known";
                Problem::new(Reason::Timeout, detail).into_response()
            }
            Err(_) => Problem::new(Reason::Timeout, "the body did not arrive in time")
                .with_status(StatusCode::REQUEST_TIMEOUT)
                .into_response(),
        }
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
