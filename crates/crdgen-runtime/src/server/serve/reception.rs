//! Accepting connections: never waiting for a place, so that one who only asks for the health of the service gets through.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection::Connections;
use super::listener::Listener;
use super::peers::{Guest, Peers};

/// Time until connections are accepted again when the process is out of descriptors.
const PAUSE: Duration = Duration::from_millis(50);
/// Time between two lines of the log that say so.
const TELLING: Duration = Duration::from_secs(10);

/// A service for a bounded number of connections.
#[derive(Clone)]
pub(super) struct Room {
    pub(super) peers: Peers,
    pub(super) connections: Connections,
}

/// Rooms for the connections of listeners: the first one that has a place takes a connection.
#[derive(Clone)]
pub(super) struct Reception {
    pub(super) rooms: Vec<Room>,
    pub(super) tracker: TaskTracker,
    pub(super) cut_off: CancellationToken,
}

impl Reception {
    /// Accepts connections for ever.
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

    /// Gives descriptors back, if there are connections that do nothing.
    fn make_room(&self) {
        let _ = self.rooms.iter().any(|room| room.peers.shed());
    }

    /// A connection for which there is no place anywhere is closed.
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
