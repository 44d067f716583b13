//! Running server, until it is asked to stop.

use std::net::SocketAddr;
use std::pin::pin;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::acceptor::{Acceptor, ConnectionPool};
use super::listener::Listener;
use super::signals::Signals;
use super::stages::Stages;
use super::timeouts::Timeouts;

/// Running server. Dropping it cuts off all connections.
#[derive(Debug)]
pub struct RunningServer {
    addresses: Vec<SocketAddr>,
    management: Option<SocketAddr>,
    timeouts: Timeouts,
    stages: Stages,
    listening: JoinSet<()>,
    managing: JoinSet<()>,
    connections: TaskTracker,
}

impl RunningServer {
    pub(super) fn new(timeouts: Timeouts, stages: Stages) -> Self {
        Self {
            addresses: Vec::new(),
            management: None,
            timeouts,
            stages,
            listening: JoinSet::new(),
            managing: JoinSet::new(),
            connections: TaskTracker::new(),
        }
    }

    /// Accepts the connections of `listener`, each in the first of `pools` that has a permit.
    pub(super) fn listen(&mut self, listener: Listener, pools: Vec<ConnectionPool>) {
        self.addresses.push(listener.address);
        let cut_off = self.stages.cut_off.clone();
        self.listening.spawn(Acceptor { pools, tracker: self.connections.clone(), cut_off }.receive(listener));
    }

    /// Accepts the connections of the management address.
    pub(super) fn manage(&mut self, listener: Listener, pool: ConnectionPool) {
        self.management = Some(listener.address);
        let cut_off = self.stages.over.clone();
        self.managing.spawn(Acceptor { pools: vec![pool], tracker: TaskTracker::new(), cut_off }.receive(listener));
    }

    /// Returns the addresses that the server listens on, with the actual ports.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Returns the management address, if [`Server::management`](super::Server::management) set one.
    pub fn management(&self) -> Option<SocketAddr> {
        self.management
    }

    /// Returns the token that is cancelled when the server is asked to stop. Cancelling it asks the server to stop.
    pub fn stopping(&self) -> CancellationToken {
        self.stages.asked.clone()
    }

    /// Serves until the process gets SIGTERM or ctrl-c, or until [`stopping`](Self::stopping) is cancelled; then stops
    /// the server. A second signal cuts off the remaining connections. The signal handlers are installed by the call
    /// itself, before the future is awaited.
    pub fn serve_until_signal(self) -> impl Future<Output = ()> + Send {
        let mut signals = Signals::listen();
        async move {
            let stages = self.stages.clone();
            tokio::select! {
                () = signals.next() => {}
                () = stages.asked.cancelled() => {}
            }
            let mut stop = pin!(self.stop());
            tokio::select! {
                () = stop.as_mut() => return,
                () = signals.next() => stages.cut_off.cancel(),
            }
            stop.await;
        }
    }

    /// Stops the server: first gracefully, then by cutting off the remaining connections. The management address
    /// answers until the end.
    pub async fn stop(mut self) {
        self.stages.asked.cancel();
        self.stages.cut_off.run_until_cancelled(tokio::time::sleep(self.timeouts.shutdown_delay)).await;
        self.stages.draining.cancel();
        self.listening.shutdown().await;
        self.connections.close();
        if tokio::time::timeout(self.timeouts.shutdown_grace, self.connections.wait()).await.is_err() {
            tracing::warn!(connections = self.connections.len(), "cut off: they did not end in time");
            self.stages.cut_off.cancel();
            self.connections.wait().await;
        }
        self.managing.shutdown().await;
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        self.stages.abandon();
    }
}
