//! A server that runs, until it is asked to stop.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection::Connections;
use super::listener::Listener;
use super::stages::Stages;
use super::timeouts::Timeouts;

/// A server that runs. It is cut off when this is dropped.
#[derive(Debug)]
pub struct Running {
    addresses: Vec<SocketAddr>,
    timeouts: Timeouts,
    stages: Stages,
    listening: JoinSet<()>,
    connections: TaskTracker,
}

impl Running {
    pub(super) fn start(listeners: Vec<Listener>, connections: Connections, most: usize) -> Self {
        let mut running = Self {
            addresses: listeners.iter().map(|listener| listener.address).collect(),
            timeouts: connections.timeouts,
            stages: connections.stages.clone(),
            listening: JoinSet::new(),
            connections: TaskTracker::new(),
        };
        let places = Arc::new(Semaphore::new(most));
        for listener in listeners {
            let (tracker, places, cut_off) =
                (running.connections.clone(), places.clone(), running.stages.cut_off.clone());
            let connections = connections.clone();
            running.listening.spawn(async move {
                while let Ok(place) = places.clone().acquire_owned().await {
                    let (stream, peer) = listener.accept().await;
                    let (connections, cut_off) = (connections.clone(), cut_off.clone());
                    tracker.spawn(async move {
                        cut_off.run_until_cancelled(connections.serve(stream, peer)).await;
                        drop(place);
                    });
                }
            });
        }
        running
    }

    /// Where it listens, with the ports that were taken.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Is cancelled when the server is asked to stop; cancelling it is asking.
    pub fn stopping(&self) -> CancellationToken {
        self.stages.asked.clone()
    }

    /// Serves until the process gets SIGTERM or ctrl-c, or the server is asked by [`stopping`](Self::stopping); then stops.
    /// A second signal ends the process, as signals do by themselves.
    pub async fn until_asked(self) {
        let asked = self.stages.asked.clone();
        tokio::select! {
            () = signalled() => {}
            () = asked.cancelled() => {}
        }
        self.stop().await;
    }

    /// Stops: in order, and then at once.
    pub async fn stop(mut self) {
        self.stages.asked.cancel();
        tokio::time::sleep(self.timeouts.notice).await;
        self.stages.draining.cancel();
        self.listening.shutdown().await;
        self.connections.close();
        if tokio::time::timeout(self.timeouts.drain, self.connections.wait()).await.is_err() {
            tracing::warn!(connections = self.connections.len(), "cut off: they did not end in time");
            self.stages.cut_off.cancel();
            self.connections.wait().await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stages.abandon();
    }
}

/// Ends when the process is asked to.
#[cfg(unix)]
async fn signalled() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            () = interrupted() => {}
            _ = terminate.recv() => {}
        },
        Err(_) => interrupted().await,
    }
}

/// Ends when the process is asked to.
#[cfg(not(unix))]
async fn signalled() {
    interrupted().await;
}

/// Where ctrl-c cannot be listened to, it ends the process by itself.
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
