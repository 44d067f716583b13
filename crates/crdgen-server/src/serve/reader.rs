//! Time limit for the readers of answers. Answers are sent in pieces. An answer on an HTTP/2 connection ends when its
//! reader takes no piece for too long; a time limit of the whole connection would not notice this, because other
//! answers continue on it.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use http_body::{Frame, SizeHint};
use hyper::rt::Executor;
use tokio::time::{Instant, sleep};

/// Size of a piece, in bytes.
pub(super) const PIECE: usize = 32 << 10;

tokio::task_local! {
    static READER: Reader;
}

/// Reader of an answer, with the time since which the last piece has been waiting for the reader, if a piece is
/// waiting.
#[derive(Clone, Default)]
struct Reader(Arc<Mutex<Option<Instant>>>);

impl Reader {
    fn set(&self, since: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }

    fn waited(&self) -> Duration {
        let since = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// Completes when the reader has taken nothing for `patience`.
    async fn is_gone(&self, patience: Duration) {
        let mut wait = patience;
        loop {
            sleep(wait).await;
            let waited = self.waited();
            if waited >= patience {
                return;
            }
            wait = patience - waited;
        }
    }
}

/// Executor for the requests of HTTP/2 connections. Each request runs as long as its answer is being read.
#[derive(Clone)]
pub(super) struct Requests {
    /// Time limit for a piece of an answer.
    pub(super) patience: Duration,
}

impl<F> Executor<F> for Requests
where
    F: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, request: F) {
        let (reader, patience) = (Reader::default(), self.patience);
        let run = async move {
            tokio::select! {
                () = READER.scope(reader.clone(), request) => {}
                // Dropping the request resets the stream.
                () = reader.is_gone(patience) => {}
            }
        };
        tokio::spawn(run);
    }
}

/// Splits the body of an answer into pieces.
pub(super) fn in_pieces(response: Response) -> Response {
    response.map(|body| Body::new(Pieces { body, rest: Bytes::new() }))
}

struct Pieces {
    body: Body,
    rest: Bytes,
}

impl Pieces {
    fn cut(&mut self, mut data: Bytes) -> Frame<Bytes> {
        self.rest = data.split_off(data.len().min(PIECE));
        Frame::data(data)
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if !self.rest.is_empty() {
            let rest = std::mem::take(&mut self.rest);
            return Poll::Ready(Some(Ok(self.cut(rest))));
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        Poll::Ready(frame.map(|frame| match frame?.into_data() {
            Ok(data) => Ok(self.cut(data)),
            Err(frame) => Ok(frame),
        }))
    }
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let piece = self.poll_piece(cx);
        // While the handler has no data, the reader is not late. HTTP/1 connections have no `READER`: the write timeout
        // of the connection applies to them.
        let _ = READER.try_with(|reader| reader.set(piece.is_ready().then(Instant::now)));
        piece
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.len() as u64;
        let mut hint = self.body.size_hint();
        let upper = hint.upper();
        hint.set_lower(hint.lower() + rest);
        if let Some(upper) = upper {
            hint.set_upper(upper + rest);
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt as _;

    use super::*;

    #[tokio::test]
    async fn pieces_are_the_whole() {
        let whole: Vec<u8> = (0..100_000_u32).map(|index| index as u8).collect();
        let body = in_pieces(Response::new(Body::from(whole.clone()))).into_body();
        assert_eq!(body.size_hint().exact(), Some(100_000));
        let pieces: Vec<_> = body.into_data_stream().map(|piece| piece.unwrap()).collect().await;
        assert_eq!(pieces.iter().map(Bytes::len).collect::<Vec<_>>(), [PIECE, PIECE, PIECE, 100_000 - 3 * PIECE]);
        assert_eq!(pieces.concat(), whole);
        assert!(in_pieces(Response::new(Body::empty())).body().is_end_stream());
    }
}
