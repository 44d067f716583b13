//! HTTP/1.1 as bytes on a socket, for requests and answers that a client library would hide.

#![allow(dead_code, reason = "each test uses a part")]

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// Time limit for an answer, after which the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// Connection to the server.
pub struct Wire {
    stream: TcpStream,
}

/// Answer of the server, with all bytes until the connection was closed.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

/// Connects from another address of this machine.
pub async fn connect_from(local: [u8; 4], address: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind((local, 0).into()).expect("an address of this machine");
    socket.connect(address).await.expect("the server accepts")
}

impl Wire {
    pub async fn open(address: SocketAddr) -> Self {
        Self { stream: TcpStream::connect(address).await.expect("the server accepts") }
    }

    /// Connects from another address of this machine. Linux has all of `127.0.0.0/8`.
    pub async fn open_from(local: [u8; 4], address: SocketAddr) -> Self {
        Self { stream: connect_from(local, address).await }
    }

    /// Sends bytes unchanged. Ignores an error if the server has closed the connection.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        let _ = self.stream.write_all(bytes.as_ref()).await;
        self
    }

    /// Closes the sending half of the connection.
    pub async fn half_close(&mut self) -> &mut Self {
        let _ = self.stream.shutdown().await;
        self
    }

    /// Returns the next bytes; none at the end.
    pub async fn some(&mut self) -> Vec<u8> {
        let mut bytes = vec![0; 64 << 10];
        let read = tokio::time::timeout(PATIENCE, self.stream.read(&mut bytes)).await.expect("the server goes on");
        bytes.truncate(read.unwrap_or(0));
        bytes
    }

    /// Returns all bytes until the server closes the connection.
    pub async fn rest(&mut self) -> Vec<u8> {
        let mut all = Vec::new();
        loop {
            let some = self.some().await;
            if some.is_empty() {
                return all;
            }
            all.extend(some);
        }
    }

    /// Returns the answer after which the server closes the connection.
    pub async fn answer(&mut self) -> Answer {
        let bytes = self.rest().await;
        Answer::read(&bytes).unwrap_or_else(|| panic!("no answer: {:?}", String::from_utf8_lossy(&bytes)))
    }
}

impl Answer {
    /// Parses an answer, and skips `100 Continue`.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&bytes[..end]).ok()?.to_ascii_lowercase();
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let body = bytes[end + 4..].to_vec();
        if status == 100 {
            return Self::read(&body);
        }
        Some(Self { status, head, body })
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// Asserts a problem document with this status and reason.
    #[track_caller]
    pub fn problem(&self, status: u16, reason: &str) -> Value {
        assert_eq!(self.status, status, "{} {}", self.head, self.text());
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.head);
        let problem = self.json();
        assert_eq!((&problem["status"], &problem["reason"]), (&status.into(), &reason.into()), "{problem}");
        problem
    }
}

/// Builds a request that closes its connection.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    let body = body.as_ref();
    if !body.is_empty() {
        text += &format!("content-length: {}\r\n", body.len());
    }
    let mut bytes = (text + "\r\n").into_bytes();
    bytes.extend(body);
    bytes
}

/// Sends a request on a new connection.
pub async fn ask(address: SocketAddr, request: impl AsRef<[u8]>) -> Answer {
    Wire::open(address).await.send(request).await.answer().await
}

/// Sends a request on a new connection from another address of this machine.
pub async fn ask_from(local: [u8; 4], address: SocketAddr, request: impl AsRef<[u8]>) -> Answer {
    Wire::open_from(local, address).await.send(request).await.answer().await
}
