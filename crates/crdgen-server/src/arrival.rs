//! Request bodies: tracks whether a body is complete, limits the time it may take, and handles the rest when nobody
//! reads it.
//!
//! If the server answers before it has read the whole body, unread bytes stay on an HTTP/1 connection and would be
//! taken for the next request. A short rest is read and thrown away, so that the connection stays usable. Otherwise the
//! answer carries `Connection: close`.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, Version, header};
use axum::response::{IntoResponse as _, Response};
use crdgen_backend::Reason;
use futures_util::StreamExt as _;
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use super::permits::RequestPermit;
use crate::problem::Problem;

/// Largest rest of an unread body, in bytes, that is read and thrown away.
const FEW: usize = 64 << 10;
/// Time limit for reading the rest of an unread body.
const SOON: Duration = Duration::from_millis(500);

/// State of a body that was given to a handler.
pub(super) struct Arrival {
    shared: Arc<Shared>,
    /// Whether the connection can stay open. False if the client sent `Expect`: a client that asked whether to send its
    /// body does not send the body after a refusal.
    can_go_on: bool,
    is_http1: bool,
}

#[derive(Default)]
struct Shared {
    has_come: AtomicBool,
    is_late: AtomicBool,
    refusal: Mutex<Option<Problem>>,
    rest: Mutex<Option<Body>>,
}

/// Time limit for a body, which grows with the bytes that arrive.
#[derive(Clone, Copy)]
pub(super) struct Pace {
    /// Base time for every body.
    pub(super) time: Duration,
    /// Number of bytes that add one second to the base time.
    pub(super) rate: usize,
}

impl Pace {
    fn time_for(&self, bytes: u64) -> Duration {
        let more = Duration::try_from_secs_f64(bytes as f64 / self.rate.max(1) as f64);
        self.time.saturating_add(more.unwrap_or(Duration::MAX))
    }
}

impl Arrival {
    /// Wraps the body of `request`, and returns the handle that tracks the body.
    pub(super) fn watch(request: Request, entry: Option<RequestPermit>, pace: Pace) -> (Request, Self) {
        let shared = Arc::new(Shared::default());
        shared.has_come.store(request.body().is_end_stream(), Ordering::Relaxed);
        let can_go_on = !request.headers().contains_key(header::EXPECT);
        let is_http1 = request.version() < Version::HTTP_2;
        let arrival = Self { shared: shared.clone(), can_go_on, is_http1 };
        (request.map(|body| Body::new(Arriving { body, shared, entry, clock: Clock::new(pace) })), arrival)
    }

    /// Returns whether the body has arrived completely.
    pub(super) fn has_come(&self) -> bool {
        self.shared.has_come.load(Ordering::Relaxed)
    }

    /// Returns the answer to the request: the refusal of the body if there is one and the handler failed, otherwise
    /// `response`.
    pub(super) fn judge(&self, response: Response) -> Response {
        match lock(&self.shared.refusal).take() {
            Some(refusal) if !response.status().is_success() => refusal.into_response(),
            _ => response,
        }
    }

    /// Reads the rest of the body, or makes the answer close the connection. Does nothing on HTTP/2.
    pub(super) async fn settle(self, mut response: Response) -> Response {
        let rest = lock(&self.shared.rest).take();
        let Some(rest) = rest.filter(|_| self.is_http1) else { return response };
        let is_late = self.shared.is_late.load(Ordering::Relaxed);
        if !(self.can_go_on && !is_late && is_read(rest).await) {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the 408 problem for a body that takes too long.
pub(super) fn late() -> Problem {
    Problem::new(Reason::Timeout, "the body did not arrive in time").with_status(StatusCode::REQUEST_TIMEOUT)
}

/// Reads `body` to its end. Returns false if the body is longer than [`FEW`] bytes, fails, or takes longer than
/// [`SOON`].
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

/// Clock that measures the time since a handler first waited for the body.
struct Clock {
    pace: Pace,
    began: Option<Instant>,
    bytes: u64,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Clock {
    fn new(pace: Pace) -> Self {
        Self { pace, began: None, bytes: 0, alarm: None }
    }

    /// Completes when the body has taken too long.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let began = *self.began.get_or_insert_with(Instant::now);
        // A deadline that the clock cannot represent counts as no deadline.
        let Some(deadline) = began.checked_add(self.pace.time_for(self.bytes)) else { return Poll::Pending };
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if alarm.deadline() != deadline {
            alarm.as_mut().reset(deadline);
        }
        alarm.as_mut().poll(cx)
    }
}

/// Body that is handed back to [`Shared::rest`] when it is dropped before its end.
struct Arriving {
    body: Body,
    shared: Arc<Shared>,
    entry: Option<RequestPermit>,
    clock: Clock,
}

type Polled = Poll<Option<Result<Frame<Bytes>, axum::Error>>>;

impl Arriving {
    fn poll_body(&mut self, cx: &mut Context<'_>) -> Polled {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Pending => {
                ready!(self.clock.poll(cx));
                self.shared.is_late.store(true, Ordering::Relaxed);
                self.refuse(late())
            }
            frame => frame,
        }
    }

    /// Takes permits for the bytes that have arrived.
    fn grow(&self) -> Result<(), Problem> {
        let bytes = usize::try_from(self.clock.bytes).unwrap_or(usize::MAX);
        self.entry.as_ref().map_or(Ok(()), |entry| entry.body_has_grown(bytes))
    }

    /// Marks the body as complete, and exchanges its permit for the permit of a complete request.
    fn come(&mut self) -> Result<(), Problem> {
        self.shared.has_come.store(true, Ordering::Relaxed);
        self.entry.take().map_or(Ok(()), |entry| entry.body_has_come())
    }

    fn refuse(&self, problem: Problem) -> Polled {
        *lock(&self.shared.refusal) = Some(problem.clone());
        Poll::Ready(Some(Err(axum::Error::new(problem))))
    }
}

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Polled {
        let frame = ready!(self.poll_body(cx));
        if let Some(Ok(frame)) = &frame {
            self.clock.bytes += frame.data_ref().map_or(0, Bytes::len) as u64;
            if let Err(problem) = self.grow() {
                return self.refuse(problem);
            }
        }
        let has_come = self.body.is_end_stream() || frame.is_none();
        match if has_come { self.come() } else { Ok(()) } {
            Ok(()) => Poll::Ready(frame),
            Err(problem) => self.refuse(problem),
        }
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
            *lock(&self.shared.rest) = Some(body);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_earns_its_time_by_what_comes() {
        let pace = Pace { time: Duration::from_secs(10), rate: 1000 };
        assert_eq!(pace.time_for(0), Duration::from_secs(10));
        assert_eq!(pace.time_for(5_500), Duration::from_millis(15_500));
        assert_eq!(Pace { time: Duration::MAX, rate: 0 }.time_for(u64::MAX), Duration::MAX);
    }
}
