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
mod reception;
mod running;
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
use ipnet::IpNet;

pub use access::Access;
pub use error::Error;
pub use running::Running;
pub use runtime::runtime;
pub use timeouts::Timeouts;
#[cfg(feature = "tls")]
pub use tls::Tls;

use self::connection::Connections;
use self::listener::Listener;
#[cfg(feature = "metrics")]
use self::metrics_token::MetricsToken;
use self::peers::Peers;
use self::proxies::Proxies;
use self::reception::Room;
use self::stages::Stages;
use super::health::Health;
use super::limits::{Limits, come_back};
#[cfg(feature = "metrics")]
use super::metrics::Metrics;
use super::{accept, not_found, trace, watch};
use crate::backend::Reason;
use crate::problem::Problem;

/// A router, with what a process needs around it.
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
    /// Serves a router. Its state is the service's; whoever put it in has nothing more to do with it.
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

    /// Adds an address to listen on; port 0 takes any free one. Default: 127.0.0.1:8080, when no address is added.
    #[must_use]
    pub fn bind(mut self, address: SocketAddr) -> Self {
        self.addresses.push(address);
        self
    }

    /// Answers `/healthz`, `/readyz` and `/metrics` at this address only, in plain HTTP, until the server has stopped.
    /// Default: at the other addresses.
    ///
    /// No flood of requests to the other addresses reaches this one. It has 16 connections; when there are more, those that
    /// are idle make room. Nobody is asked who they are here, so the address is one for the cluster alone.
    #[must_use]
    pub fn management(mut self, address: SocketAddr) -> Self {
        self.management = Some(address);
        self
    }

    /// Sets the way in which callers are authorised. Default: none, and only loopback addresses are served.
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

    /// Answers `/metrics` to those only who send this bearer token. Default: to everybody.
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

    /// Sets the times that connections have.
    #[must_use]
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Sets the number of connections that are open at once, over all addresses. Default: 4096, or as many as the process
    /// may have descriptors for, if those are fewer: its soft limit less an eighth (at least 32), and less 32.
    ///
    /// One address can have one in [`Limits::share`] of them. A connection beyond either limit takes the place of one that is
    /// idle: first of one on which nothing was answered with success, then of one whose caller is not known, and of those the
    /// one that has been idle for the longest. When none is idle, it is told so with 503; `/healthz` and `/readyz` are
    /// answered all the same.
    ///
    /// An HTTP/2 connection has at most 100 requests at once. It keeps up to 64 KiB of each body that nobody has read yet, 1
    /// MiB of all of them, and 64 KiB of each answer that the peer has not taken: 7.25 MiB in all, besides the heads of
    /// requests (up to 64 KiB each) and the answers themselves. An HTTP/1 connection keeps up to 64 KiB each way.
    #[must_use]
    pub fn connections(mut self, most: usize) -> Self {
        self.connections = most;
        self
    }

    /// Names the proxies in front of the service. Default: none.
    ///
    /// Limits by address do not hold for connections from these networks. Until its caller is known, a request that comes by
    /// them counts for the last address in `X-Forwarded-For` that is not a proxy's, or else for its connection. Every proxy
    /// has to set that header or to add to it. With `0.0.0.0/0` and `::/0` nothing is limited by address.
    #[must_use]
    pub fn proxies(mut self, networks: impl IntoIterator<Item = IpNet>) -> Self {
        self.proxies = Proxies(networks.into_iter().collect());
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
        let rooms = self.rooms(&stages).await?;
        let listeners = Listener::bind_all(&addresses).await?;
        let management = match self.management {
            Some(address) => Some(Listener::bind(address).await?),
            None => None,
        };
        let mut running = Running::new(self.timeouts, stages.clone());
        if let Some(listener) = management {
            running.manage(listener, self.management_room(&stages));
        }
        for listener in listeners {
            running.listen(listener, rooms.clone());
        }
        Ok(running)
    }

    /// The room of the service, and one for connections beyond its limit.
    async fn rooms(&self, stages: &Stages) -> Result<Vec<Room>, Error> {
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
            router: self.answered(own.fallback(no_place)),
            timeouts: self.timeouts.of_few(),
            ..connections.clone()
        };
        let most = descriptors::fitting(self.connections);
        Ok(vec![
            Room { peers: Peers::new(most, self.limits.share, self.proxies.clone()), connections },
            Room { peers: few(), connections: beyond },
        ])
    }

    fn management_room(&self, stages: &Stages) -> Room {
        let connections = Connections {
            router: answers::around(self.own_routes(stages).fallback(not_found), None),
            timeouts: self.timeouts,
            stages: stages.of_management(),
            #[cfg(feature = "tls")]
            tls: None,
        };
        Room { peers: few(), connections }
    }

    /// The routes of the service, with their limits.
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

    /// The routes of the server itself.
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

/// Places for a few connections, whoever they are of.
fn few() -> Peers {
    Peers::new(descriptors::SPARE, 1, Proxies::default())
}

/// The answer on a connection for which there is no place.
async fn no_place() -> Response {
    let detail = "the server, or the address, has as many connections as it may have (`Server::connections`, and \
        `Limits::share` of them for an address), and none is idle; try again later";
    let problem = Problem::new(Reason::ServiceUnavailable, detail);
    come_back(([(header::CONNECTION, HeaderValue::from_static("close"))], problem).into_response())
}

impl Timeouts {
    /// The times of connections that are not to stay.
    fn of_few(self) -> Self {
        let soon = Duration::from_secs(5);
        Self { head: self.head.min(soon), write: self.write.min(soon), idle: self.idle.min(soon), ..self }
    }
}
