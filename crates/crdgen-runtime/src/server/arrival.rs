//! The body of a request on its way in: whether all of it has come, and what becomes of the rest when nobody wants it.
//!
//! An answer that is given before the body is there leaves bytes on the connection that are no request. If they are few, they
//! are read, and the connection goes on; if not, the answer says that the connection ends with it. Else the next request on
//! it would fail for no reason that its sender could know.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderValue, Version, header};
use axum::response::Response;
use futures_util::StreamExt as _;
use http_body::{Frame, SizeHint};

/// How much of an unwanted body is read, in bytes.
const FEW: usize = 64 << 10;
/// How long it is waited for.
const SOON: Duration = Duration::from_millis(500);

/// What is known of a body that was given away.
pub(super) struct Arrival {
    shared: Arc<Shared>,
    /// On HTTP/1 requests follow each other, and a sender that asked whether to send its body sends none now.
    can_go_on: bool,
    is_http1: bool,
}

#[derive(Default)]
struct Shared {
    has_come: AtomicBool,
    rest: Mutex<Option<Body>>,
}

impl Arrival {
    /// Watches the body of a request.
    pub(super) fn watch(request: Request) -> (Request, Self) {
        let shared = Arc::new(Shared::default());
        shared.has_come.store(request.body().is_end_stream(), Ordering::Relaxed);
        let can_go_on = !request.headers().contains_key(header::EXPECT);
        let is_http1 = request.version() < Version::HTTP_2;
        let arrival = Self { shared: shared.clone(), can_go_on, is_http1 };
        (request.map(|body| Body::new(Arriving { body, shared })), arrival)
    }

    /// Whether all of the body has come.
    pub(super) fn has_come(&self) -> bool {
        self.shared.has_come.load(Ordering::Relaxed)
    }

    /// Readies the connection for what comes after the answer.
    pub(super) async fn settle(self, mut response: Response) -> Response {
        let rest = self.shared.rest.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(rest) = rest.filter(|_| self.is_http1) else { return response };
        if !(self.can_go_on && is_read(rest).await) {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

/// Reads a body to its end, if that is near.
async fn is_read(body: Body) -> bool {
    if body.size_hint().lower() > FEW as u64 {
        return false;
    }
    let read = async {
        let mut left = FEW;
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            match chunk.ok().and_then(|chunk| left.checked_sub(chunk.len())) {
                Some(less) => left = less,
                None => return false,
            }
        }
        true
    };
    tokio::time::timeout(SOON, read).await.unwrap_or(false)
}

/// A body that comes back when it is dropped before its end.
struct Arriving {
    body: Body,
    shared: Arc<Shared>,
}

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if self.body.is_end_stream() || matches!(frame, Poll::Ready(None)) {
            self.shared.has_come.store(true, Ordering::Relaxed);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        if !self.shared.has_come.load(Ordering::Relaxed) {
            let body = std::mem::take(&mut self.body);
            *self.shared.rest.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
        }
    }
}
