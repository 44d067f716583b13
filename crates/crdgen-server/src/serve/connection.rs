//! Serving of one connection.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::sleep;
use tokio_io_timeout::TimeoutStream;
use tower_service::Service as _;

use super::peer::Peer;
use super::reader::{PIECE, Requests, in_pieces};
use super::stages::Stages;
use super::timeouts::Timeouts;

/// Largest head of a request with its headers, in bytes.
const MAX_HEAD: usize = 64 << 10;
/// Number of concurrent requests on an HTTP/2 connection.
const MAX_STREAMS: u32 = 100;
/// Bytes of the body of an HTTP/2 request that are received before a handler reads them.
const UNREAD: u32 = 64 << 10;
/// Bytes of all bodies on an HTTP/2 connection that are received before a handler reads them.
const UNREAD_IN_ALL: u32 = 1 << 20;
/// Number of HTTP/2 requests that the peer cancelled before they were handled. A connection with more of them is
/// closed.
const MAX_TAKEN_BACK: usize = 20;
/// Number of HTTP/2 streams that were reset for errors of the peer. A connection with more of them is closed.
const MAX_FAULTY: usize = 64;

/// Settings for serving connections.
#[derive(Clone)]
pub(super) struct Connections {
    pub(super) router: Router,
    pub(super) timeouts: Timeouts,
    pub(super) stages: Stages,
    #[cfg(feature = "tls")]
    pub(super) tls: Option<super::tls::Acceptor>,
}

impl Connections {
    /// Serves a connection to its end.
    pub(super) async fn serve(&self, stream: TcpStream, peer: &Arc<Peer>) {
        // Answers are written as a whole, so waiting for more data would only delay them.
        let _ = stream.set_nodelay(true);
        #[cfg(feature = "tls")]
        if let Some(tls) = &self.tls {
            let handshake = tokio::time::timeout(self.timeouts.head, tls.accept(stream));
            if let Some(Ok(Ok(stream))) = self.stages.draining.run_until_cancelled(handshake).await {
                self.speak(stream, peer).await;
            }
            return;
        }
        self.speak(stream, peer).await;
    }

    /// Speaks HTTP/1.1 or HTTP/2, as the peer begins.
    async fn speak(&self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, peer: &Arc<Peer>) {
        let service = service_fn(|mut request: Request<Incoming>| {
            let under_way = peer.begin();
            let holder = peer.holder(&request);
            request.extensions_mut().insert(ConnectInfo(peer.address));
            request.extensions_mut().insert(holder);
            let answer = self.router.clone().call(request);
            async move { answer.await.map(|response| under_way.answered(in_pieces(response))) }
        });
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.timeouts.write));
        let protocol = self.protocol();
        let mut connection = pin!(protocol.serve_connection(TokioIo::new(Box::pin(stream)), service));

        // Errors of the connection are not logged here: each request logs its own outcome.
        tokio::select! {
            _ = connection.as_mut() => return,
            // hyper's timer starts only once the peer has chosen HTTP/1. This one covers a peer that sends nothing at
            // all.
            () = peer.is_silent(self.timeouts.head) => return,
            () = self.has_to_go(peer) => connection.as_mut().graceful_shutdown(),
        }
        tokio::select! {
            _ = connection => {}
            () = peer.is_overdue(self.timeouts.max_connection_age) => {}
        }
    }

    /// Completes when the connection must take no more requests.
    async fn has_to_go(&self, peer: &Peer) {
        tokio::select! {
            () = self.stages.draining.cancelled() => {}
            () = peer.is_idle(self.timeouts.idle) => {}
            () = sleep(about(self.timeouts.max_connection_age)) => {}
        }
    }

    fn protocol(&self) -> Builder<Requests> {
        let mut protocol = Builder::new(Requests { patience: self.timeouts.write });
        protocol.http1().timer(TokioTimer::new()).header_read_timeout(self.timeouts.head).max_buf_size(MAX_HEAD);
        protocol
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(self.timeouts.head)
            .keep_alive_timeout(self.timeouts.head)
            .max_concurrent_streams(MAX_STREAMS)
            .max_header_list_size(MAX_HEAD as u32)
            .initial_stream_window_size(UNREAD)
            .initial_connection_window_size(UNREAD_IN_ALL)
            .max_send_buf_size(PIECE)
            .max_pending_accept_reset_streams(MAX_TAKEN_BACK)
            .max_local_error_reset_streams(MAX_FAULTY);
        protocol
    }
}

/// Returns `time` plus or minus a random tenth, so that connections that began together do not end together.
fn about(time: Duration) -> Duration {
    let factor = 0.9 + 0.2 * fastrand::f64();
    Duration::try_from_secs_f64(time.as_secs_f64() * factor).unwrap_or(time)
}
