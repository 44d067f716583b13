//! Recognition of watch answers, and their end at shutdown.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header;
use axum::response::Response;
use http_body::{Frame, SizeHint};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// Returns whether the media type of an answer is that of an event stream.
pub(super) fn is_watch(response: &Response) -> bool {
    let media_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = media_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    ["text/event-stream", "application/x-ndjson", "application/json-seq"].contains(&essence)
}

/// Ends the stream of a watch cleanly once `stopping` is cancelled.
pub(super) fn until_stopped(response: Response, stopping: &CancellationToken) -> Response {
    if !is_watch(&response) {
        return response;
    }
    let stopped = Box::pin(stopping.clone().cancelled_owned());
    response.map(|body| Body::new(UntilStopped { body, stopped }))
}

struct UntilStopped {
    body: Body,
    stopped: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl HttpBody for UntilStopped {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.stopped.as_mut().poll(cx).is_ready() {
            return Poll::Ready(None);
        }
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
