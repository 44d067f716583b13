//! Addresses of this machine that callers come from: a service that gives each address its share has to tell them apart.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result};
use socket2::{Domain, Socket, Type};

/// The way from a caller to a service.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    from: Ipv4Addr,
    to: SocketAddr,
}

impl Route {
    /// The way of callers who do no harm and were there before.
    pub fn of_neighbour(to: SocketAddr) -> Self {
        Self { from: Ipv4Addr::LOCALHOST, to }
    }

    /// The way of a hostile caller.
    pub fn of_attacker(to: SocketAddr) -> Self {
        Self { from: Ipv4Addr::new(127, 0, 0, 2), to }
    }

    /// The way of a caller who does no harm and comes in the middle of an attack.
    pub fn of_newcomer(self) -> Self {
        Self { from: Ipv4Addr::new(127, 0, 0, 3), ..self }
    }

    /// The way of one of many hostile callers, each with an address of its own.
    pub fn of_one(self, index: u8) -> Self {
        Self { from: Ipv4Addr::new(127, 0, 1, index), ..self }
    }

    /// Connects.
    pub fn connect(self, patience: Duration) -> Result<TcpStream> {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.bind(&SocketAddr::new(IpAddr::V4(self.from), 0).into())?;
        socket.connect_timeout(&self.to.into(), patience).with_context(|| format!("connecting to {}", self.to))?;
        let stream = TcpStream::from(socket);
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// Connects, for the runtime that this is called in.
    pub fn connect_async(self, patience: Duration) -> Result<tokio::net::TcpStream> {
        let stream = self.connect(patience)?;
        stream.set_nonblocking(true)?;
        Ok(tokio::net::TcpStream::from_std(stream)?)
    }
}
