//! HTTP/2 connections whose requests need not end.

use std::future::Future;
use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use h2::client::{ResponseFuture, SendRequest};
use h2::{Reason, RecvStream, SendStream};
use tokio::time::timeout;

use super::route::Route;
use super::wire::Request;

/// Runs `future` on this thread. Connections make progress only while it runs.
pub fn block_on<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(future)
}

/// An HTTP/2 connection.
pub struct Connection {
    requests: SendRequest<Bytes>,
    /// Requests under way, and answers whose bodies are not read. Dropping the connection ends them.
    open: Vec<(ResponseFuture, SendStream<Bytes>)>,
    answers: Vec<RecvStream>,
}

/// Maximum wait for anything.
const PATIENCE: Duration = Duration::from_secs(5);

impl Connection {
    /// Connects. The service may send at most `window` bytes of each answer before they are read.
    pub async fn open(route: Route, window: u32) -> Result<Self> {
        let connect = async {
            let stream = route.connect_async(PATIENCE)?;
            let mut client = h2::client::Builder::new();
            Ok::<_, anyhow::Error>(client.initial_window_size(window).handshake(stream).await?)
        };
        let (requests, connection) = timeout(PATIENCE, connect).await.context("no handshake")??;
        // A service may answer by ending the connection.
        tokio::spawn(async move { connection.await.ok() });
        Ok(Self { requests, open: Vec::new(), answers: Vec::new() })
    }

    /// Begins a request, and sends only `part` of its body.
    pub async fn begin(&mut self, request: &Request, part: &[u8]) -> Result<()> {
        let (answer, mut body) = self.send(request, false).await?;
        if !part.is_empty() {
            body.send_data(Bytes::copy_from_slice(part), false)?;
        }
        self.open.push((answer, body));
        Ok(())
    }

    /// Sends a request without a body, and returns the status of its answer. The body of the answer is not
    /// read.
    pub async fn head(&mut self, request: &Request) -> Result<u16> {
        let (answer, _) = self.send(request, true).await?;
        let answer = timeout(PATIENCE, answer).await.context("no answer")??;
        let status = answer.status().as_u16();
        self.answers.push(answer.into_body());
        Ok(status)
    }

    /// Begins a request and resets it at once.
    pub async fn reset(&mut self, request: &Request) -> Result<()> {
        let (_, mut body) = self.send(request, false).await?;
        body.send_reset(Reason::CANCEL);
        Ok(())
    }

    async fn send(&mut self, request: &Request, is_whole: bool) -> Result<(ResponseFuture, SendStream<Bytes>)> {
        let uri = format!("http://ci.example.com{}", request.path);
        let mut head = http::Request::builder().method(request.method).uri(uri);
        for (name, value) in &request.headers {
            head = head.header(*name, value);
        }
        let ready = self.requests.clone().ready();
        let mut requests = timeout(PATIENCE, ready).await.context("no room for another request")??;
        Ok(requests.send_request(head.body(())?, is_whole)?)
    }
}
