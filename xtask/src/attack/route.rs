//! Local addresses that callers connect from. A service that gives each address a share needs them to tell
//! callers apart.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result};
use socket2::{Domain, Socket, Type};

/// Addresses of a caller and of a service.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    from: Ipv4Addr,
    to: SocketAddr,
}

impl Route {
    /// Returns the route of a harmless caller who was connected before the attack.
    pub fn of_neighbour(to: SocketAddr) -> Self {
        Self { from: Ipv4Addr::LOCALHOST, to }
    }

    /// Returns the route of a hostile caller.
    pub fn of_attacker(to: SocketAddr) -> Self {
        Self { from: Ipv4Addr::new(127, 0, 0, 2), to }
    }

    /// Returns the route of a harmless caller who connects during an attack.
    pub fn of_newcomer(self) -> Self {
        Self { from: Ipv4Addr::new(127, 0, 0, 3), ..self }
    }

    /// Returns the route of one of many hostile callers, each with an address of its own.
    pub fn of_one(self, index: u8) -> Self {
        Self { from: Ipv4Addr::new(127, 0, 1, index), ..self }
    }

    pub fn connect(self, patience: Duration) -> Result<TcpStream> {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.bind(&SocketAddr::new(IpAddr::V4(self.from), 0).into())?;
        socket.connect_timeout(&self.to.into(), patience).with_context(|| format!("connecting to {}", self.to))?;
        let stream = TcpStream::from(socket);
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// Connects, for use in the current tokio runtime.
    pub fn connect_async(self, patience: Duration) -> Result<tokio::net::TcpStream> {
        let stream = self.connect(patience)?;
        stream.set_nonblocking(true)?;
        Ok(tokio::net::TcpStream::from_std(stream)?)
    }
}
