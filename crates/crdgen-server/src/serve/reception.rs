//! Acceptance of connections. It never waits for a free permit, so that health checks always get through.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection::Connections;
use super::listener::Listener;
use super::peers::{Guest, Peers};

/// Pause after a failure to accept a connection, for example when the process is out of descriptors.
const PAUSE: Duration = Duration::from_millis(50);
/// Interval between two log lines about such failures.
const TELLING: Duration = Duration::from_secs(10);

/// Service with a limited number of connections.
#[derive(Clone)]
pub(super) struct Room {
    pub(super) peers: Peers,
    pub(super) connections: Connections,
}

/// Rooms for new connections. The first room with a free permit takes a connection.
#[derive(Clone)]
pub(super) struct Reception {
    pub(super) rooms: Vec<Room>,
    pub(super) tracker: TaskTracker,
    pub(super) cut_off: CancellationToken,
}

impl Reception {
    /// Accepts connections forever.
    pub(super) async fn receive(self, listener: Listener) {
        let mut told: Option<Instant> = None;
        loop {
            match listener.accept().await {
                Ok((stream, address)) => self.seat(stream, address),
                Err(error) => {
                    if told.is_none_or(|told| told.elapsed() >= TELLING) {
                        tracing::error!(%error, address = %listener.address, "cannot accept connections");
                        told = Some(Instant::now());
                    }
                    self.make_room();
                    sleep(PAUSE).await;
                }
            }
        }
    }

    /// Cuts idle connections, to free file descriptors.
    fn make_room(&self) {
        let _ = self.rooms.iter().any(|room| room.peers.shed());
    }

    /// Serves the connection in the first room with a free permit. Closes it if there is none.
    fn seat(&self, stream: TcpStream, address: SocketAddr) {
        let admitted = self.rooms.iter().find_map(|room| Some((room.peers.admit(address)?, room.connections.clone())));
        let Some((guest, connections)) = admitted else { return };
        let cut_off = self.cut_off.clone();
        self.tracker.spawn(async move { cut_off.run_until_cancelled(attend(guest, connections, stream)).await });
    }
}

async fn attend(guest: Guest, connections: Connections, stream: TcpStream) {
    guest.peer.end.run_until_cancelled(connections.serve(stream, &guest.peer)).await;
}
