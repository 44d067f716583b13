//! Service under attack. It counts the requests that reach its backend.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use crdgen_runtime::backend::memory::MemoryBackend;
use crdgen_runtime::server::limits::Limits;
use crdgen_runtime::server::prelude::*;
use crdgen_runtime::server::problems;
use crdgen_runtime::server::serve::{RunningServer, Server, Timeouts};

use crate::sample::api::router;
use crate::sample::ci_example_com::v1::runner::Runner;
use crate::sample::ci_example_com::v1::widget::Widget;
use crate::wire::{Answer, ask};

pub const WIDGETS: &str = "/apis/ci.example.com/v1/namespaces/team/widgets";

/// Service on which Ada may do anything and everybody else nothing.
#[derive(Clone, Default)]
struct Service {
    objects: MemoryBackend,
    reached: Arc<AtomicUsize>,
}

pub struct Caller(String);

impl FromRequestParts<Service> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Service) -> Result<Self, Problem> {
        let name = parts.headers.get("x-user").and_then(|value| value.to_str().ok());
        name.map(|name| Self(name.to_owned())).ok_or_else(|| Problem::new(Reason::Unauthorized, "who?"))
    }
}

impl Service {
    fn reach(&self) -> MemoryBackend {
        self.reached.fetch_add(1, Ordering::Relaxed);
        self.objects.clone()
    }
}

impl Caller {
    fn may(&self) -> Result<(), Problem> {
        if self.0 == "ada" { Ok(()) } else { Err(Problem::new(Reason::Forbidden, "no")) }
    }
}

impl Principal for Caller {
    fn id(&self) -> &str {
        &self.0
    }
}

impl Policy for Service {
    type Caller = Caller;

    async fn authorize(&self, caller: &Caller, _: Verb, _: &Target) -> Result<(), Problem> {
        caller.may()
    }
}

impl Serve<Widget> for Service {
    fn backend(&self, _: &Caller) -> impl Backend<Widget> {
        self.reach()
    }
}

impl Serve<Runner> for Service {
    fn backend(&self, _: &Caller) -> impl Backend<Runner> {
        self.reach()
    }
}

/// Running service.
pub struct Abused {
    pub running: RunningServer,
    reached: Arc<AtomicUsize>,
}

/// Time limits for the head of a request and for a whole request.
pub const HEAD: Duration = Duration::from_millis(300);
pub const TIME: Duration = Duration::from_secs(2);

impl Abused {
    pub async fn start() -> Self {
        let service = Service::default();
        let reached = service.reached.clone();
        let server = Server::new(problems(router()).with_state(service))
            .bind(SocketAddr::from(([127, 0, 0, 1], 0)))
            .limits(Limits { request_timeout: TIME, ..Limits::default() })
            .timeouts(Timeouts { head: HEAD, ..Timeouts::default() });
        Self { running: server.start().await.expect("the server starts"), reached }
    }

    pub fn address(&self) -> SocketAddr {
        self.running.addresses()[0]
    }

    pub async fn ask(&self, request: impl AsRef<[u8]>) -> Answer {
        ask(self.address(), request).await
    }

    pub fn reached(&self) -> usize {
        self.reached.load(Ordering::Relaxed)
    }

    /// Asserts that no request has reached the backend.
    #[track_caller]
    pub fn assert_unreached(&self) {
        assert_eq!(self.reached(), 0, "the backend was reached");
    }

    /// Asserts that no request has reached the backend, and that a valid request does.
    pub async fn assert_intact(&self) {
        self.assert_unreached();
        let answer = self.ask(ada("GET", WIDGETS, &[], "")).await;
        assert_eq!((answer.status, self.reached()), (200, 1), "{}", answer.text());
    }
}

pub const JSON: (&str, &str) = ("content-type", "application/json");
pub const MERGE_PATCH: (&str, &str) = ("content-type", "application/merge-patch+json");
pub const JSON_PATCH: (&str, &str) = ("content-type", "application/json-patch+json");
pub const WIDGET: &str = r#"{"metadata": {"name": "a"}, "spec": {"color": "red"}}"#;

/// Builds a request of Ada, who may do anything.
pub fn ada(method: &str, path: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<u8> {
    let headers: Vec<_> = std::iter::once(("x-user", "ada")).chain(headers.iter().copied()).collect();
    crate::wire::request(method, path, &headers, body)
}
