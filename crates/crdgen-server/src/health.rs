//! `/healthz` and `/readyz` in the format of an API server: `ok`, or the list of checks when one fails or with
//! `?verbose`.
//!
//! The reason for a failure is logged and not sent, because callers need no authorization. Concurrent requests share
//! one run of the checks.

use std::error::Error as StdError;
use std::fmt;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::future::{BoxFuture, join_all};
use tokio_util::sync::CancellationToken;

use super::flights::Flights;
use super::method_not_allowed;

/// Time limit for a check.
const PATIENCE: Duration = Duration::from_secs(5);

/// Checks for liveness and readiness.
#[derive(Clone, Debug, Default)]
pub struct Health {
    live: Vec<Check>,
    ready: Vec<Check>,
}

#[derive(Clone)]
struct Check {
    name: Arc<str>,
    run: Arc<dyn Fn() -> BoxFuture<'static, Result<(), BoxError>> + Send + Sync>,
}

type BoxError = Box<dyn StdError + Send + Sync>;

impl Health {
    /// Creates a health service without checks of its own: live whenever it answers, ready until it is asked to stop.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a check to `/healthz`. Kubernetes restarts a service that fails it, so the check must fail only for
    /// problems that a restart solves.
    #[must_use]
    pub fn live<F, E>(mut self, name: &str, check: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        self.live.push(Check::new(name, check));
        self
    }

    /// Adds a check to `/readyz`. The service gets no requests while the check fails.
    #[must_use]
    pub fn ready<F, E>(mut self, name: &str, check: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        self.ready.push(Check::new(name, check));
        self
    }

    /// Returns the two routes. The service is no longer ready once `stopping` is cancelled.
    pub fn routes(mut self, stopping: CancellationToken) -> Router {
        let shutdown = move || {
            let stopping = stopping.is_cancelled();
            async move { if stopping { Err("the service is stopping") } else { Ok(()) } }
        };
        self.ready.push(Check::new("shutdown", shutdown));
        let route = |name, checks: Vec<Check>| {
            get(answer).with_state(Checks { name, checks: checks.into(), runs: Arc::default() })
        };
        Router::new()
            .route("/healthz", route("healthz", self.live))
            .route("/readyz", route("readyz", self.ready))
            .method_not_allowed_fallback(method_not_allowed)
    }
}

impl Check {
    fn new<F, E>(name: &str, check: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        let run = move || -> BoxFuture<'static, _> {
            let outcome = check();
            Box::pin(async move { outcome.await.map_err(Into::into) })
        };
        Self { name: name.into(), run: Arc::new(run) }
    }

    async fn passes(&self) -> bool {
        match tokio::time::timeout(PATIENCE, (self.run)()).await {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => tracing::warn!(check = &*self.name, %error, "a health check failed"),
            Err(_) => tracing::warn!(check = &*self.name, "a health check took too long"),
        }
        false
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)
    }
}

#[derive(Clone)]
struct Checks {
    name: &'static str,
    checks: Arc<[Check]>,
    runs: Arc<Flights<(), Arc<[bool]>>>,
}

impl Checks {
    /// Runs all checks, or waits for the run that is already in progress.
    async fn passed(&self) -> Arc<[bool]> {
        let checks = self.checks.clone();
        let run = async move { join_all(checks.iter().map(Check::passes)).await.into() };
        self.runs.join((), run).await
    }
}

async fn answer(State(checks): State<Checks>, RawQuery(query): RawQuery) -> Response {
    let passed = checks.passed().await;
    let Checks { name, checks, .. } = checks;
    let all = passed.iter().all(|passed| *passed);
    let verbose = query.is_some_and(|query| query.split('&').any(|part| part == "verbose" || part == "verbose=true"));
    let text = if all && !verbose { "ok".to_owned() } else { report(name, &checks, &passed) };
    let status = if all { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], text).into_response()
}

/// Formats the outcome of the checks as an API server does, which people and scripts know.
fn report(name: &str, checks: &[Check], passed: &[bool]) -> String {
    let mut text = String::new();
    for (check, passed) in checks.iter().zip(passed) {
        let (sign, outcome) = if *passed { ('+', "ok") } else { ('-', "failed: reason withheld") };
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "[{sign}]{} {outcome}", check.name);
    }
    let outcome = if passed.iter().all(|passed| *passed) { "passed" } else { "failed" };
    text + name + " check " + outcome + "\n"
}
