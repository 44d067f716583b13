//! Failures to start a server.

use std::io;
use std::net::SocketAddr;

/// Failure to start a server.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Others could call, and nobody said how they are authorised.
    #[error(
        "{0} can be reached from other machines, and nobody said how callers are authorised: listen on a loopback address, or \
         say `.access(Access::Checked)` if the service's `authorize` decides, or `.access(Access::Open)` if anyone may call"
    )]
    NoAccess(SocketAddr),
    /// The address is taken, or not of this machine.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The certificate and the key cannot be used.
    #[cfg(feature = "tls")]
    #[error("cannot serve TLS with {file}")]
    Tls {
        /// The file that is to blame.
        file: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
