//! Sockets that connections come from.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

use super::Error;

/// A socket that listens.
pub(super) struct Listener {
    socket: TcpListener,
    pub(super) address: SocketAddr,
}

impl Listener {
    /// All or none.
    pub(super) async fn bind_all(addresses: &[SocketAddr]) -> Result<Vec<Self>, Error> {
        let mut listeners = Vec::new();
        for address in addresses {
            let listener = Self::bind(*address).await;
            listeners.push(listener.map_err(|source| Error::Listen { address: *address, source })?);
        }
        Ok(listeners)
    }

    async fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = TcpListener::bind(address).await?;
        Ok(Self { address: socket.local_addr()?, socket })
    }

    /// The next connection. What fails is either that connection's fault, or the process is out of descriptors, which passes.
    pub(super) async fn accept(&self) -> (TcpStream, SocketAddr) {
        loop {
            match self.socket.accept().await {
                Ok(accepted) => return accepted,
                Err(error) if is_of_the_peer(&error) => {}
                Err(error) => {
                    tracing::error!(%error, address = %self.address, "cannot accept connections");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }
}

fn is_of_the_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
