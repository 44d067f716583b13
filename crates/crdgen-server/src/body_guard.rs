//! Answer that owns a value until its body is dropped.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use http_body::{Frame, SizeHint};

/// Keeps `value` alive until the body of the answer is sent or dropped.
pub(super) fn guard<T: Send + Unpin + 'static>(response: Response, value: T) -> Response {
    response.map(|body| Body::new(GuardedBody { body, _value: value }))
}

struct GuardedBody<T> {
    body: Body,
    _value: T,
}

impl<T: Unpin> HttpBody for GuardedBody<T> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
