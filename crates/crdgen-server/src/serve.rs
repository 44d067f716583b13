//! HTTP server for a router: connections, limits, health, metrics, TLS and shutdown.
//!
//! ```no_run
//! # async fn main_() -> Result<(), crdgen_runtime::server::serve::Error> {
//! # let router = axum::Router::new();
//! use crdgen_runtime::server::health::Health;
//! use crdgen_runtime::server::serve::{Access, Server};
//!
//! let server = Server::new(router).bind("0.0.0.0:8080".parse().unwrap()).access(Access::AuthorizedByService).health(Health::new());
//! let running = server.start().await?;
//! println!("listening on {:?}", running.addresses());
//! running.serve_until_signal().await;
//! # Ok(())
//! # }
//! ```
//!
//! A service with long lists should run on the tokio runtime that [`runtime`] returns: on that runtime, small requests
//! do not wait for long lists.
//!
//! `serve_until_signal` waits for SIGTERM or ctrl-c, stops the server, and returns. While the server stops, `/readyz` reports
//! that the service is not ready, new connections are not accepted, watches end, and requests in progress are answered.
//! Connections of requests that take longer than [`Timeouts::shutdown_grace`] are closed.

mod acceptor;
mod access;
mod answers;
mod connection;
mod descriptors;
mod error;
mod heads;
mod listener;
#[cfg(feature = "metrics")]
mod metrics_token;
mod peer;
mod peers;
mod proxies;
mod reader;
mod running_server;
mod runtime;
mod signals;
mod stages;
mod timeouts;
#[cfg(feature = "tls")]
mod tls;

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use crdgen_backend::Reason;
use ipnet::IpNet;

pub use access::Access;
pub use error::Error;
pub use running_server::RunningServer;
pub use runtime::runtime;
pub use timeouts::Timeouts;
#[cfg(feature = "tls")]
pub use tls::Tls;

use self::acceptor::ConnectionPool;
use self::connection::Connections;
use self::listener::Listener;
#[cfg(feature = "metrics")]
use self::metrics_token::MetricsToken;
use self::peers::Peers;
use self::proxies::Proxies;
use self::stages::Stages;
use super::health::Health;
use super::limits::{Limits, with_retry_after};
#[cfg(feature = "metrics")]
use super::metrics::Metrics;
use super::{accept, not_found, trace, watch};
use crate::problem::Problem;

/// HTTP server for a router.
#[derive(Debug)]
pub struct Server {
    router: Router,
    addresses: Vec<SocketAddr>,
    management: Option<SocketAddr>,
    access: Option<Access>,
    health: Option<Health>,
    limits: Limits,
    timeouts: Timeouts,
    connections: usize,
    proxies: Proxies,
    #[cfg(feature = "metrics")]
    metrics: Option<Metrics>,
    #[cfg(feature = "metrics")]
    metrics_token: Option<MetricsToken>,
    #[cfg(feature = "tls")]
    tls: Option<Tls>,
}

impl Server {
    /// Creates a server for `router`, which already has its state (`Router::with_state`).
    pub fn new(router: Router) -> Self {
        Self {
            router,
            addresses: Vec::new(),
            management: None,
            access: None,
            health: None,
            limits: Limits::default(),
            timeouts: Timeouts::default(),
            connections: 4096,
            proxies: Proxies::default(),
            #[cfg(feature = "metrics")]
            metrics: None,
            #[cfg(feature = "metrics")]
            metrics_token: None,
            #[cfg(feature = "tls")]
            tls: None,
        }
    }

    /// Adds an address to listen on. Port 0 means any free port. Default, if no address is added: 127.0.0.1:8080.
    #[must_use]
    pub fn bind(mut self, address: SocketAddr) -> Self {
        self.addresses.push(address);
        self
    }

    /// Serves `/healthz`, `/readyz` and `/metrics` only at this address, over plain HTTP, until the server has stopped.
    /// Default: they are served at the addresses of [`bind`](Self::bind).
    ///
    /// The limit of [`connections`](Self::connections) does not include connections to this address. It has a limit of
    /// 16 connections; a connection beyond that limit replaces an idle one. Callers are not authenticated at this
    /// address, so only the cluster should be able to reach it.
    #[must_use]
    pub fn management(mut self, address: SocketAddr) -> Self {
        self.management = Some(address);
        self
    }

    /// Declares the authorization of callers. Default: not declared. Then the server listens on loopback addresses
    /// only.
    #[must_use]
    pub fn access(mut self, access: Access) -> Self {
        self.access = Some(access);
        self
    }

    /// Serves `/healthz` and `/readyz`.
    #[must_use]
    pub fn health(mut self, health: Health) -> Self {
        self.health = Some(health);
        self
    }

    /// Counts requests in `metrics`, and serves `/metrics`.
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn metrics(mut self, metrics: &Metrics) -> Self {
        self.metrics = Some(metrics.clone());
        self
    }

    /// Requires this bearer token for `/metrics`. Default: anybody can read `/metrics`.
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn metrics_token(mut self, token: &str) -> Self {
        self.metrics_token = Some(MetricsToken::new(token));
        self
    }

    /// Sets the limits of requests.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the time limits of connections.
    #[must_use]
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Sets the largest number of open connections, for all addresses together. Default: 4096. The number is lower if
    /// the process may not open enough file descriptors. It is then the soft limit of file descriptors, minus an eighth
    /// of that limit (at least 32), minus 32.
    ///
    /// One address can have 1/[`Limits::caller_divisor`] of the connections. A new connection beyond either limit replaces an
    /// idle connection. The order of replacement is: connections on which no request succeeded, then connections whose
    /// caller is not known, then other connections. In each group, the connection that has been idle longest is
    /// replaced first. If no connection is idle, requests on the new connection are answered with 503, except
    /// `/healthz` and `/readyz`.
    ///
    /// The buffers of an HTTP/2 connection need at most 7.25 MiB. A connection has at most 100 concurrent requests. It
    /// buffers up to 64 KiB of each body that the handler has not read yet, 1 MiB for all these bodies, and 64 KiB of
    /// each answer that the peer has not read yet. Request heads (up to 64 KiB each) and the answers in the handlers
    /// need additional memory. An HTTP/1 connection buffers up to 64 KiB in each direction.
    #[must_use]
    pub fn connections(mut self, most: usize) -> Self {
        self.connections = most;
        self
    }

    /// Sets the networks of the proxies in front of the service. Default: no proxies.
    ///
    /// The limit of connections for each address does not apply to connections from these networks. Until its caller is
    /// known, a request through a proxy counts for the last address in `X-Forwarded-For` that is not the address of a
    /// proxy. If the header has no such address, the request counts for its connection. Every proxy must set that
    /// header or append to it. With the networks `0.0.0.0/0` and `::/0`, no limit counts by address.
    #[must_use]
    pub fn proxies(mut self, networks: impl IntoIterator<Item = IpNet>) -> Self {
        self.proxies = Proxies(networks.into_iter().collect());
        self
    }

    /// Serves HTTPS instead of plain HTTP, except at the [`management`](Self::management) address.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Starts the server: listens on the addresses, and serves in background tasks. Returns a handle to stop the
    /// server.
    ///
    /// # Errors
    ///
    /// Returns an error if the server cannot listen on an address, if an address is not a loopback address and
    /// [`access`](Self::access) is not set, or if a certificate or key cannot be used.
    pub async fn start(self) -> Result<RunningServer, Error> {
        let addresses = match self.addresses.as_slice() {
            [] => vec![SocketAddr::from(([127, 0, 0, 1], 8080))],
            addresses => addresses.to_vec(),
        };
        access::check(self.access, &addresses)?;
        let stages = Stages::default();
        let pools = self.pools(&stages).await?;
        let listeners = Listener::bind_all(&addresses).await?;
        let management = match self.management {
            Some(address) => Some(Listener::bind(address).await?),
            None => None,
        };
        let mut running = RunningServer::new(self.timeouts, stages.clone());
        if let Some(listener) = management {
            running.manage(listener, self.management_pool(&stages));
        }
        for listener in listeners {
            running.listen(listener, pools.clone());
        }
        Ok(running)
    }

    /// Returns the pool of the service, and a pool for connections beyond its limit.
    async fn pools(&self, stages: &Stages) -> Result<Vec<ConnectionPool>, Error> {
        let own = if self.management.is_none() { self.own_routes(stages) } else { Router::new() };
        let connections = Connections {
            router: self.answered(self.routes(stages).merge(own.clone())),
            timeouts: self.timeouts,
            stages: stages.clone(),
            #[cfg(feature = "tls")]
            tls: match &self.tls {
                Some(tls) => Some(tls.acceptor(stages.draining.clone()).await?),
                None => None,
            },
        };
        let beyond = Connections {
            router: self.answered(own.fallback(too_many_connections)),
            timeouts: self.timeouts.of_few(),
            ..connections.clone()
        };
        let most = descriptors::fitting(self.connections);
        Ok(vec![
            ConnectionPool { peers: Peers::new(most, self.limits.caller_divisor, self.proxies.clone()), connections },
            ConnectionPool { peers: few(), connections: beyond },
        ])
    }

    fn management_pool(&self, stages: &Stages) -> ConnectionPool {
        let connections = Connections {
            router: answers::around(self.own_routes(stages).fallback(not_found), None),
            timeouts: self.timeouts,
            stages: stages.of_management(),
            #[cfg(feature = "tls")]
            tls: None,
        };
        ConnectionPool { peers: few(), connections }
    }

    /// Returns the routes of the service, with their limits.
    fn routes(&self, stages: &Stages) -> Router {
        let draining = stages.draining.clone();
        let end_watches = move |request: Request, next: Next| {
            let draining = draining.clone();
            async move { watch::until_stopped(next.run(request).await, &draining) }
        };
        let router = heads::around(accept::around(self.router.clone()));
        let router = trace::around(self.limits.around(router).layer(from_fn(end_watches)));
        #[cfg(feature = "metrics")]
        let router = match &self.metrics {
            Some(metrics) => metrics.around(router),
            None => router,
        };
        router
    }

    /// Returns the health and metrics routes.
    fn own_routes(&self, stages: &Stages) -> Router {
        let router = Router::new();
        #[cfg(feature = "metrics")]
        let router = match (&self.metrics, &self.metrics_token) {
            (Some(metrics), Some(token)) => router.merge(token.around(metrics.routes())),
            (Some(metrics), None) => router.merge(metrics.routes()),
            (None, _) => router,
        };
        match &self.health {
            Some(health) => router.merge(health.clone().routes(stages.asked.clone())),
            None => router,
        }
    }

    fn answered(&self, router: Router) -> Router {
        #[cfg(feature = "tls")]
        let secured = self.tls.as_ref().and_then(Tls::secured);
        #[cfg(not(feature = "tls"))]
        let secured = None;
        answers::around(router, secured)
    }
}

/// Creates the limit of the few connections of a special pool, without a share for each address.
fn few() -> Peers {
    Peers::new(descriptors::SPARE, 1, Proxies::default())
}

/// Returns the answer on a connection beyond the limit.
async fn too_many_connections() -> Response {
    let detail = "too many connections, to the server or from this address, and none of them is idle (the limits are \
        `Server::connections`, divided by `Limits::caller_divisor` for an address); try again later";
    let problem = Problem::new(Reason::ServiceUnavailable, detail);
    with_retry_after(([(header::CONNECTION, HeaderValue::from_static("close"))], problem).into_response())
}

impl Timeouts {
    /// Returns shorter time limits, for connections that should not stay open.
    fn of_few(self) -> Self {
        let soon = Duration::from_secs(5);
        Self { head: self.head.min(soon), write: self.write.min(soon), idle: self.idle.min(soon), ..self }
    }
}
