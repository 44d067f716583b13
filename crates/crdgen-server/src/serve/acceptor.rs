//! Acceptance of connections. It never waits for a free permit, so that health checks always get through.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection::Connections;
use super::listener::Listener;
use super::peers::{AdmittedConnection, Peers};

/// Pause after a failure to accept a connection, for example when the process is out of descriptors.
const PAUSE: Duration = Duration::from_millis(50);
/// Interval between two log lines about such failures.
const LOG_INTERVAL: Duration = Duration::from_secs(10);

/// Service with a limited number of connections.
#[derive(Clone)]
pub(super) struct ConnectionPool {
    pub(super) peers: Peers,
    pub(super) connections: Connections,
}

/// Pools for new connections. The first pool with a free permit takes a connection.
#[derive(Clone)]
pub(super) struct Acceptor {
    pub(super) pools: Vec<ConnectionPool>,
    pub(super) tracker: TaskTracker,
    pub(super) cut_off: CancellationToken,
}

impl Acceptor {
    /// Accepts connections forever.
    pub(super) async fn receive(self, listener: Listener) {
        let mut logged: Option<Instant> = None;
        loop {
            match listener.accept().await {
                Ok((stream, address)) => self.serve_connection(stream, address),
                Err(error) => {
                    if logged.is_none_or(|logged| logged.elapsed() >= LOG_INTERVAL) {
                        tracing::error!(%error, address = %listener.address, "cannot accept connections");
                        logged = Some(Instant::now());
                    }
                    self.free_descriptors();
                    sleep(PAUSE).await;
                }
            }
        }
    }

    /// Cuts idle connections, to free file descriptors.
    fn free_descriptors(&self) {
        let _ = self.pools.iter().any(|pool| pool.peers.shed());
    }

    /// Serves the connection in the first pool with a free permit. Closes it if there is none.
    fn serve_connection(&self, stream: TcpStream, address: SocketAddr) {
        let admitted = self.pools.iter().find_map(|pool| Some((pool.peers.admit(address)?, pool.connections.clone())));
        let Some((admitted, connections)) = admitted else { return };
        let cut_off = self.cut_off.clone();
        self.tracker.spawn(async move { cut_off.run_until_cancelled(attend(admitted, connections, stream)).await });
    }
}

async fn attend(admitted: AdmittedConnection, connections: Connections, stream: TcpStream) {
    admitted.peer.end.run_until_cancelled(connections.serve(stream, &admitted.peer)).await;
}
