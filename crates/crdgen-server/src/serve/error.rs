//! Errors of starting a server.

use std::io;
use std::net::SocketAddr;

/// Error of starting a server.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address can be reached from other machines, and [`Access`](super::Access) is not set.
    #[error(
        "{0} can be reached from other machines, and nobody said how callers are authorised: listen on a loopback address, or \
         call `.access(Access::AuthorizedByService)` if the service's `authorize` decides, or `.access(Access::Unrestricted)` if anyone may call"
    )]
    NoAccess(SocketAddr),
    /// The address is in use, or not an address of this machine.
    #[error("cannot listen on {address}")]
    Listen {
        /// Address that cannot be listened on.
        address: SocketAddr,
        /// Error of the operating system.
        source: io::Error,
    },
    /// The certificate or the key cannot be used.
    #[cfg(feature = "tls")]
    #[error("cannot serve TLS with {file}")]
    Tls {
        /// Path of the file that caused the error.
        file: String,
        /// Reason why the file cannot be used.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
