//! A server that runs, until it is asked to stop.

use std::net::SocketAddr;
use std::pin::pin;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::listener::Listener;
use super::reception::{Reception, Room};
use super::signals::Signals;
use super::stages::Stages;
use super::timeouts::Timeouts;

/// A server that runs. It is cut off when this is dropped.
#[derive(Debug)]
pub struct Running {
    addresses: Vec<SocketAddr>,
    management: Option<SocketAddr>,
    timeouts: Timeouts,
    stages: Stages,
    listening: JoinSet<()>,
    managing: JoinSet<()>,
    connections: TaskTracker,
}

impl Running {
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

    /// Receives the connections of a listener in the first of these rooms that has a place.
    pub(super) fn listen(&mut self, listener: Listener, rooms: Vec<Room>) {
        self.addresses.push(listener.address);
        let cut_off = self.stages.cut_off.clone();
        self.listening.spawn(Reception { rooms, tracker: self.connections.clone(), cut_off }.receive(listener));
    }

    /// Receives the connections of the management address.
    pub(super) fn manage(&mut self, listener: Listener, room: Room) {
        self.management = Some(listener.address);
        let cut_off = self.stages.over.clone();
        self.managing.spawn(Reception { rooms: vec![room], tracker: TaskTracker::new(), cut_off }.receive(listener));
    }

    /// Returns the addresses that are listened on, with the ports that were taken.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Returns the address that health and metrics are asked at, if it is one of its own.
    pub fn management(&self) -> Option<SocketAddr> {
        self.management
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

    /// Stops: in order, and then at once. The management address answers until the end.
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
        self.managing.shutdown().await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stages.abandon();
    }
}
