//! HTTP/1.1 over a plain socket. Requests are sent byte for byte as written, valid or not.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use serde_json::Value;

use super::caller::Caller;
use super::route::Route;

/// Media types of patches: merge patch, JSON patch and apply.
pub const MERGE: &str = "application/merge-patch+json";
pub const STEPS: &str = "application/json-patch+json";
pub const APPLY: &str = "application/apply-patch+yaml";

/// Maximum size of an answer, in bytes.
const MAX_ANSWER: usize = 256 << 20;

#[derive(Clone, Debug)]
pub struct Request {
    pub method: &'static str,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), headers: Vec::new(), body: Vec::new() }
    }

    pub fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path)
    }

    pub fn post(path: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self::new("POST", path).json(body)
    }

    pub fn put(path: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self::new("PUT", path).json(body)
    }

    pub fn patch(media_type: &str, path: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self::new("PATCH", path).with("content-type", media_type).containing(body)
    }

    pub fn delete(path: impl Into<String>) -> Self {
        Self::new("DELETE", path)
    }

    /// Adds a body of type `application/json`.
    pub fn json(self, body: impl Into<Vec<u8>>) -> Self {
        self.with("content-type", "application/json").containing(body)
    }

    pub fn containing(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..self }
    }

    /// Adds the token of a caller.
    pub fn by(self, caller: Caller) -> Self {
        self.with("authorization", format!("Bearer {}", caller.token()))
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Returns the head, which announces a body of `length` bytes.
    pub fn head(&self, length: usize) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\nhost: ci.example.com\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        if length > 0 {
            head += &format!("content-length: {length}\r\n");
        }
        head += "\r\n";
        head.into_bytes()
    }

    /// Returns the whole request.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.head(self.body.len());
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// Header lines, without the status line.
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Returns whether the request was refused, or is not supported by the service.
    pub fn is_refusal(&self) -> bool {
        (400..500).contains(&self.status) || self.status == 501
    }

    /// Returns the values of a header.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let fields = self.head.lines().filter_map(|line| line.split_once(':'));
        fields.filter(move |(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    pub fn head_bytes(&self) -> usize {
        self.head.len()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Returns the body as JSON, or null if it is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// Returns an error that says that a read timed out. The system's own message would be "resource temporarily
/// unavailable".
fn said(error: io::Error) -> anyhow::Error {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => anyhow!("nothing came in time"),
        _ => error.into(),
    }
}

#[derive(Debug)]
pub struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    /// Connects. No read or write waits longer than `patience`.
    pub fn open(route: Route, patience: Duration) -> Result<Self> {
        let stream = route.connect(patience)?;
        stream.set_read_timeout(Some(patience))?;
        stream.set_write_timeout(Some(patience))?;
        Ok(Self { stream: BufReader::with_capacity(64 << 10, stream) })
    }

    pub fn send(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.stream.get_mut().write_all(bytes)?)
    }

    /// Sends a request and reads its answer. A service may answer before it has read the whole body.
    pub fn ask(&mut self, request: &Request) -> Result<Answer> {
        let sent = self.send(&request.bytes());
        self.receive().with_context(|| match sent {
            Ok(()) => "no answer".to_owned(),
            Err(error) => format!("no answer, and not all was sent: {error}"),
        })
    }

    /// Reads an answer. Answers of status 1xx are skipped.
    pub fn receive(&mut self) -> Result<Answer> {
        loop {
            let answer = self.receive_one()?;
            if answer.status >= 200 {
                return Ok(answer);
            }
        }
    }

    /// Reads only the head of an answer, since the body of a watch has no end.
    pub fn receive_head(&mut self) -> Result<Answer> {
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.with_context(|| format!("{first:?} is no answer"))?;
        let mut head = String::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                return Ok(Answer { status, head, body: Vec::new() });
            }
            head += &line;
            head.push('\n');
        }
    }

    fn receive_one(&mut self) -> Result<Answer> {
        let mut answer = self.receive_head()?;
        let length = answer.values("content-length").next().map(str::parse).transpose()?;
        answer.body = match length {
            _ if answer.status < 200 || matches!(answer.status, 204 | 304) => Vec::new(),
            Some(length) => self.exactly(length)?,
            None if answer.values("transfer-encoding").any(|coding| coding == "chunked") => self.chunks()?,
            None => self.rest()?,
        };
        Ok(answer)
    }

    fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.line()?;
            let length = usize::from_str_radix(&line, 16).with_context(|| format!("a chunk of {line:?} bytes"))?;
            body.extend(self.exactly(length)?);
            self.line()?;
            if length == 0 {
                return Ok(body);
            }
            ensure!(body.len() <= MAX_ANSWER, "the answer does not end");
        }
    }

    fn exactly(&mut self, length: usize) -> Result<Vec<u8>> {
        ensure!(length <= MAX_ANSWER, "an answer of {length} bytes");
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Reads until the service closes the connection.
    pub fn rest(&mut self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.stream.by_ref().take(MAX_ANSWER as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = Vec::new();
        self.stream.by_ref().take(1 << 20).read_until(b'\n', &mut line).map_err(said)?;
        if !line.ends_with(b"\n") {
            bail!("the connection was closed");
        }
        Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
    }
}
