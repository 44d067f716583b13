//! A server that runs, until it is asked to stop.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection::Connections;
use super::listener::Listener;
use super::signals::Signals;
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
                loop {
                    // Accepted first: a listener that waits keeps no place from the others.
                    let (stream, peer) = listener.accept().await;
                    let Ok(place) = places.clone().acquire_owned().await else { return };
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
    /// A second signal cuts off what is left. Signals are listened to from when this is called, before it is awaited.
    pub fn until_asked(self) -> impl Future<Output = ()> + Send {
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

    /// Stops: in order, and then at once.
    pub async fn stop(mut self) {
        self.stages.asked.cancel();
        self.stages.cut_off.run_until_cancelled(tokio::time::sleep(self.timeouts.notice)).await;
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
