//! A connection, from the first byte to the last.

use std::net::SocketAddr;
use std::pin::pin;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio_io_timeout::TimeoutStream;
use tower_service::Service as _;

use super::stages::Stages;
use super::timeouts::Timeouts;

/// The head of a request, with all its headers.
const MAX_HEAD: usize = 64 << 10;
/// Requests at once on an HTTP/2 connection.
const MAX_STREAMS: u32 = 128;

/// How connections are served.
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
    pub(super) async fn serve(&self, stream: TcpStream, peer: SocketAddr) {
        // Answers are written whole; waiting for more would only delay them.
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

    /// Speaks HTTP/1.1 or HTTP/2, whichever the peer begins with.
    async fn speak(&self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, peer: SocketAddr) {
        let first_request = Notify::new();
        let service = service_fn(|mut request: Request<Incoming>| {
            first_request.notify_one();
            request.extensions_mut().insert(ConnectInfo(peer));
            self.router.clone().call(request)
        });
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.timeouts.write));
        let protocol = self.protocol();
        let mut connection = pin!(protocol.serve_connection(TokioIo::new(Box::pin(stream)), service));

        // hyper's own clock begins with HTTP/1: a peer that does not even say what it speaks is kept waiting by this one.
        tokio::select! {
            _ = connection.as_mut() => return,
            () = first_request.notified() => {}
            () = tokio::time::sleep(self.timeouts.head) => return,
            () = self.stages.draining.cancelled() => {}
        }
        tokio::select! {
            _ = connection.as_mut() => return,
            () = self.stages.draining.cancelled() => connection.as_mut().graceful_shutdown(),
        }
        // What went wrong on the way is the peer's business: requests say what became of them.
        let _ = connection.await;
    }

    fn protocol(&self) -> Builder<TokioExecutor> {
        let mut protocol = Builder::new(TokioExecutor::new());
        protocol.http1().timer(TokioTimer::new()).header_read_timeout(self.timeouts.head).max_buf_size(MAX_HEAD);
        protocol
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(self.timeouts.head)
            .keep_alive_timeout(self.timeouts.head)
            .max_concurrent_streams(MAX_STREAMS)
            .max_header_list_size(MAX_HEAD as u32);
        protocol
    }
}
