//! `tracing` span and id for every request.
//!
//! A span records the method, route template, status, latency, caller and ids of a request. It never records bodies,
//! queries, names in paths or credentials.

use std::error::Error as StdError;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use crdgen_backend::Reason;
use futures_util::FutureExt as _;
use tracing::field::Empty;
use tracing::{Instrument as _, Span};
use uuid::Uuid;

use crate::problem::Problem;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Route of a request that matches no route template.
pub(super) const UNMATCHED: &str = "unmatched";

/// Id of a request: the caller's `X-Request-Id` if it is well formed, otherwise a new UUID. Handlers find the id in the
/// request's extensions. Callers find it in the answer's `X-Request-Id` and in the `instance` of problems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Box<str>);

impl RequestId {
    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(headers: &HeaderMap) -> Self {
        let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok()).filter(|text| is_id(text));
        Self(given.map_or_else(|| Uuid::new_v4().to_string().into(), Into::into))
    }
}

/// Returns whether a text can be used as an id. Ids are written to logs and headers, so only characters that are safe
/// in both are accepted.
fn is_id(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
}

/// Creates a span for each request of the routes, and answers a panic with a problem.
pub fn around(router: Router) -> Router {
    router.layer(from_fn(traced))
}

/// Records the caller's id in the span of the current request. The id must not be a credential.
pub fn caller(id: &str) {
    Span::current().record("caller", id);
}

async fn traced(mut request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let id = RequestId::of(request.headers());
    let route = request.extensions().get::<MatchedPath>().map_or(UNMATCHED, MatchedPath::as_str);
    let span = tracing::info_span!(
        "request",
        method = method(&request),
        route,
        request_id = id.as_str(),
        traceparent = traceparent(request.headers()),
        caller = Empty,
        status = Empty,
        latency_ms = Empty,
    );
    request.extensions_mut().insert(id.clone());
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().instrument(span.clone()).await;
    let response = answer.unwrap_or_else(|_| Problem::new(Reason::InternalError, "internal error").into_response());
    span.record("status", response.status().as_u16());
    span.record("latency_ms", begin.elapsed().as_secs_f64() * 1000.0);
    span.in_scope(|| log(&response));
    named(response, &id)
}

/// Returns the method if it is a standard HTTP method, otherwise `other`: callers can send any method name.
pub(super) fn method(request: &Request) -> &'static str {
    const KNOWN: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];
    KNOWN.into_iter().find(|known| request.method() == known).unwrap_or("other")
}

/// Returns the caller's W3C trace context, if it is well formed.
fn traceparent(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(TRACEPARENT)?.to_str().ok()?;
    let parts: Vec<_> = text.split('-').collect();
    let is_hex = |part: &str| part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let lengths: Vec<_> = parts.iter().map(|part| part.len()).collect();
    let well_formed = parts.iter().all(|part| is_hex(part)) && lengths == [2, 32, 16, 2] && parts[0] != "ff";
    let is_zero = |part: &str| part.bytes().all(|byte| byte == b'0');
    (well_formed && !is_zero(parts[1]) && !is_zero(parts[2])).then_some(text)
}

/// Logs the answer. For a server error the log includes the cause, which is never sent to callers.
fn log(response: &Response) {
    if !response.status().is_server_error() {
        return tracing::info!("answered");
    }
    match response.extensions().get::<Problem>().and_then(StdError::source) {
        Some(error) => tracing::error!(error, "failed"),
        None => tracing::error!("failed"),
    }
}

/// Adds the id to the answer's header, and to its problem if there is one.
fn named(mut response: Response, id: &RequestId) -> Response {
    let mut problem = response.extensions().get::<Problem>().cloned();
    if let Some(problem) = problem.as_mut().filter(|problem| problem.instance.is_none()) {
        let instance = format!("urn:request:{}", id.as_str());
        *response.body_mut() = problem.clone().with_instance(instance).into_response().into_body();
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_callers_are_kept_if_they_are_harmless() {
        let of = |value: &str| {
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            RequestId::of(&HeaderMap::from_iter([(REQUEST_ID, value)]))
        };
        assert_eq!(of("run-7.a:b_c").as_str(), "run-7.a:b_c");
        for bad in ["", "a b", "a\"b", "ü", &"x".repeat(129)] {
            assert!(Uuid::parse_str(of(bad).as_str()).is_ok(), "{bad}");
        }
    }

    #[test]
    fn a_trace_context_must_be_well_formed() {
        let of = |value: &str| {
            let headers = HeaderMap::from_iter([(TRACEPARENT, HeaderValue::from_str(value).unwrap())]);
            traceparent(&headers).map(str::to_owned)
        };
        let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert_eq!(of(good).as_deref(), Some(good));
        let zero = format!("00-{}-b7ad6b7169203331-01", "0".repeat(32));
        for bad in ["", "00", &good[1..], &good.to_uppercase(), &good.replacen("00", "ff", 1), &zero] {
            assert_eq!(of(bad), None, "{bad}");
        }
    }
}
