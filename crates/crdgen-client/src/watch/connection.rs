//! One connection of a watch.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use bytes::{Buf, Bytes};
use crdgen_backend::WatchQuery;
use crdgen_backend::work::{EventMemory, ReservedMemory};
use crdgen_splitter::{EventLines, EventType, Filter};
use http_body_util::BodyExt;
use kube::client::Body;

use super::memory::reserve;
use crate::error::{Error, Result};
use crate::refusal::Refusal;
use crate::request::{Query, Request};
use crate::transport::Transport;

/// Bounds of the requested duration of a watch, in seconds. The server then ends the watch without an error.
const SHORTEST: u64 = 240;
const LONGEST: u64 = 300;
/// Time beyond the requested duration after which a silent connection counts as lost.
const GRACE: Duration = Duration::from_secs(30);

/// Open connection of a watch.
pub struct Connection {
    body: Body,
    chunk: Bytes,
    lines: EventLines,
    filter: Arc<Filter>,
    silence: Duration,
    /// Memory for the event that is being read, if it is large.
    reserved: Option<ReservedMemory>,
}

/// Event that a server sent.
pub struct ReceivedEvent {
    pub kind: Kind,
    /// JSON of the object after filtering.
    pub object: Vec<u8>,
    /// Permit of a large event, to be held until the object is decoded.
    pub permit: Option<LargeEventPermit>,
    /// Memory of a large event, to be held until its reader has taken it.
    pub reserved: Option<ReservedMemory>,
}

/// Size in bytes from which an event is large.
const LARGE: usize = 64 << 10;

/// Permit to read a large event. Only one is read at a time: an event that a thousand watches receive at once would keep
/// all threads from other requests.
pub type LargeEventPermit = SemaphorePermit<'static>;

static LARGE_EVENTS: Semaphore = Semaphore::const_new(1);

/// Type of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Added,
    Modified,
    Deleted,
    Bookmark,
}

impl Connection {
    /// Starts watching after a version.
    pub async fn open(
        transport: &Transport,
        mut request: Request,
        filter: Arc<Filter>,
        query: &WatchQuery,
        after: &str,
    ) -> Result<Self> {
        // Random, so that watches that began together do not end together.
        let seconds = fastrand::u64(SHORTEST..=LONGEST);
        request.query = Query::default();
        request.query.add("watch", "true");
        request.query.add("allowWatchBookmarks", "true");
        request.query.add("resourceVersion", after);
        request.query.add("timeoutSeconds", &seconds.to_string());
        request.query.select(&query.labels, &query.fields);
        let opened = tokio::time::timeout(transport.policy().timeout, transport.open(&request)).await;
        let body = opened.unwrap_or(Err(Error::Timeout))?.into_body();
        let silence = Duration::from_secs(seconds) + GRACE;
        Ok(Self { body, chunk: Bytes::new(), lines: EventLines::default(), filter, silence, reserved: None })
    }

    /// Returns the next event. `None` at the end of the connection. A large event is read only once there is memory for
    /// it.
    pub async fn next(&mut self, memory: Option<&EventMemory>) -> Result<Option<ReceivedEvent>> {
        loop {
            let line_end = self.chunk.iter().position(|byte| *byte == b'\n');
            let is_large = self.lines.held() + line_end.unwrap_or(self.chunk.len()) > LARGE;
            if is_large && self.reserved.is_none() {
                self.reserved = reserve(memory).await;
            }
            // The semaphore is never closed.
            let permit = if is_large && line_end.is_some() { LARGE_EVENTS.acquire().await.ok() } else { None };
            if let Some(received) = self.received()? {
                let mut reserved = self.reserved.take();
                if let Some(reserved) = &mut reserved {
                    reserved.shrink(received.object.len());
                }
                return Ok(Some(ReceivedEvent { permit, reserved, ..received }));
            }
            let frame = tokio::time::timeout(self.silence, self.body.frame()).await;
            let Some(frame) = frame.map_err(|_| Error::Timeout)? else { return Ok(None) };
            let frame = frame.map_err(|error| Error::ConnectionLost(Box::new(error)))?;
            self.chunk = frame.into_data().unwrap_or_default();
        }
    }

    /// Returns an event from the received bytes. `None` when they complete none.
    fn received(&mut self) -> Result<Option<ReceivedEvent>> {
        let mut rest = &self.chunk[..];
        let event = self.lines.next_event(&mut rest);
        let left = rest.len();
        // A malformed line means a broken connection. A new connection replaces it.
        let event = event.map_err(|error| Error::ConnectionLost(error.into()))?;
        let received = event.map(|event| match event.event_type {
            EventType::Added => filtered(Kind::Added, event.object, &self.filter),
            EventType::Modified => filtered(Kind::Modified, event.object, &self.filter),
            EventType::Deleted => filtered(Kind::Deleted, event.object, &self.filter),
            EventType::Bookmark => filtered(Kind::Bookmark, event.object, &self.filter),
            EventType::Error => Err(match Refusal::of_status(event.object) {
                Some(refusal) => Error::of_refusal(refusal, "a watch"),
                None => Error::ConnectionLost("an error of a watch says nothing".into()),
            }),
        });
        self.chunk.advance(self.chunk.len() - left);
        self.lines.free();
        received.transpose()
    }
}

fn filtered(kind: Kind, json: &[u8], filter: &Filter) -> Result<ReceivedEvent> {
    let mut object = Vec::with_capacity(json.len());
    filter.copy(json, &mut object).map_err(|error| Error::ConnectionLost(error.into()))?;
    Ok(ReceivedEvent { kind, object, permit: None, reserved: None })
}
