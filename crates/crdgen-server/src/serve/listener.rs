//! Listening sockets.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpStream};

use super::Error;

/// Listening socket.
pub(super) struct Listener {
    socket: TcpListener,
    pub(super) address: SocketAddr,
}

impl Listener {
    /// Listens on all addresses, or on none if one fails.
    pub(super) async fn bind_all(addresses: &[SocketAddr]) -> Result<Vec<Self>, Error> {
        let mut listeners = Vec::new();
        for address in addresses {
            listeners.push(Self::bind(*address).await?);
        }
        Ok(listeners)
    }

    /// Listens on an address.
    pub(super) async fn bind(address: SocketAddr) -> Result<Self, Error> {
        let refused = |source| Error::Listen { address, source };
        let socket = TcpListener::bind(address).await.map_err(refused)?;
        Ok(Self { address: socket.local_addr().map_err(refused)?, socket })
    }

    /// Returns the next connection.
    ///
    /// # Errors
    ///
    /// Returns a temporary error when the process is out of file descriptors or memory.
    pub(super) async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        loop {
            match self.socket.accept().await {
                Err(error) if is_of_the_peer(&error) => {}
                accepted => return accepted,
            }
        }
    }
}

fn is_of_the_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
