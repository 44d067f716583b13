//! Serving: from a router to a process that can be left alone.
//!
//! ```no_run
//! # async fn main_() -> Result<(), crdgen_runtime::server::serve::Error> {
//! # let router = axum::Router::new();
//! use crdgen_runtime::server::health::Health;
//! use crdgen_runtime::server::serve::{Access, Server};
//!
//! let server = Server::new(router).bind("0.0.0.0:8080".parse().unwrap()).access(Access::Checked).health(Health::new());
//! let running = server.start().await?;
//! println!("listening on {:?}", running.addresses());
//! running.until_asked().await;
//! # Ok(())
//! # }
//! ```
//!
//! A service that passes long lists on does so best on the [`runtime`] of this module.
//!
//! `until_asked` ends after SIGTERM or ctrl-c: the service is not ready any more, no connection is accepted, watches end,
//! requests under way are answered, and what is left after a while is cut off.

mod access;
mod connection;
mod error;
mod listener;
mod running;
mod runtime;
mod signals;
mod stages;
mod timeouts;
#[cfg(feature = "tls")]
mod tls;

use std::net::SocketAddr;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};

pub use access::Access;
pub use error::Error;
pub use running::Running;
pub use runtime::runtime;
pub use timeouts::Timeouts;
#[cfg(feature = "tls")]
pub use tls::Tls;

use self::connection::Connections;
use self::listener::Listener;
use self::stages::Stages;
use super::health::Health;
use super::limits::Limits;
#[cfg(feature = "metrics")]
use super::metrics::Metrics;
use super::{accept, trace, watch};

/// What to serve, and how.
#[derive(Debug)]
pub struct Server {
    router: Router,
    addresses: Vec<SocketAddr>,
    access: Option<Access>,
    health: Option<Health>,
    limits: Limits,
    timeouts: Timeouts,
    connections: usize,
    #[cfg(feature = "metrics")]
    metrics: Option<Metrics>,
    #[cfg(feature = "tls")]
    tls: Option<Tls>,
}

impl Server {
    /// Serves a router. Its state is the service's; whoever put it in has nothing more to do with it.
    pub fn new(router: Router) -> Self {
        Self {
            router,
            addresses: Vec::new(),
            access: None,
            health: None,
            limits: Limits::default(),
            timeouts: Timeouts::default(),
            connections: 4096,
            #[cfg(feature = "metrics")]
            metrics: None,
            #[cfg(feature = "tls")]
            tls: None,
        }
    }

    /// Adds an address to listen on; port 0 takes any free one. Without any it is 127.0.0.1:8080.
    #[must_use]
    pub fn bind(mut self, address: SocketAddr) -> Self {
        self.addresses.push(address);
        self
    }

    /// Says how callers are authorised. Without it, only loopback addresses are served.
    #[must_use]
    pub fn access(mut self, access: Access) -> Self {
        self.access = Some(access);
        self
    }

    /// Answers `/healthz` and `/readyz`.
    #[must_use]
    pub fn health(mut self, health: Health) -> Self {
        self.health = Some(health);
        self
    }

    /// Counts requests, and answers `/metrics`.
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn metrics(mut self, metrics: &Metrics) -> Self {
        self.metrics = Some(metrics.clone());
        self
    }

    /// Limits of requests.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Time that connections have.
    #[must_use]
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Connections open at once, over all addresses: 4096 unless said otherwise. Further ones wait to be accepted.
    #[must_use]
    pub fn connections(mut self, most: usize) -> Self {
        self.connections = most;
        self
    }

    /// Serves TLS, and nothing else.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Listens, and serves in the background.
    ///
    /// # Errors
    ///
    /// An address that cannot be listened on, or that others can reach although nobody said how callers are authorised; a
    /// certificate or key that cannot be used.
    pub async fn start(self) -> Result<Running, Error> {
        let addresses = match self.addresses.as_slice() {
            [] => vec![SocketAddr::from(([127, 0, 0, 1], 8080))],
            addresses => addresses.to_vec(),
        };
        access::check(self.access, &addresses)?;
        let stages = Stages::default();
        #[cfg(feature = "tls")]
        let acceptor = match &self.tls {
            Some(tls) => Some(tls.acceptor(stages.draining.clone()).await?),
            None => None,
        };
        let connections = Connections {
            router: self.routes(&stages),
            timeouts: self.timeouts,
            stages,
            #[cfg(feature = "tls")]
            tls: acceptor,
        };
        let listeners = Listener::bind_all(&addresses).await?;
        Ok(Running::start(listeners, connections, self.connections))
    }

    fn routes(&self, stages: &Stages) -> Router {
        let draining = stages.draining.clone();
        let end_watches = move |request: Request, next: Next| {
            let draining = draining.clone();
            async move { watch::until_stopped(next.run(request).await, &draining) }
        };
        let router = self.limits.around(accept::around(self.router.clone())).layer(from_fn(end_watches));
        let router = trace::around(router);
        #[cfg(feature = "metrics")]
        let router = match &self.metrics {
            Some(metrics) => metrics.around(router).merge(metrics.routes()),
            None => router,
        };
        match &self.health {
            Some(health) => router.merge(health.clone().routes(stages.asked.clone())),
            None => router,
        }
    }
}
