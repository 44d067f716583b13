//! One connection of a watch, from its request to its end.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes};
use http_body_util::BodyExt;
use kube::client::Body;

use crate::backend::WatchQuery;
use crate::bytes::{EventLines, EventType, Filter};
use crate::client::error::{Error, Result};
use crate::client::refusal::Refusal;
use crate::client::request::{Query, Request};
use crate::client::transport::Transport;

/// How long a server may keep a watch; it ends it then, and says nothing.
const SHORTEST: u64 = 240;
const LONGEST: u64 = 300;
/// How much longer it takes until a connection counts as dead.
const GRACE: Duration = Duration::from_secs(30);

/// An open watch.
pub struct Connection {
    body: Body,
    chunk: Bytes,
    lines: EventLines,
    filter: Arc<Filter>,
    silence: Duration,
}

/// What a server tells.
pub struct Told {
    pub kind: Kind,
    /// The object, as the filter leaves it.
    pub object: Vec<u8>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Added,
    Modified,
    Deleted,
    Bookmark,
}

impl Connection {
    /// Watches what happens after a version.
    pub async fn open(
        transport: &Transport,
        mut request: Request,
        filter: Arc<Filter>,
        query: &WatchQuery,
        after: &str,
    ) -> Result<Self> {
        // Watches that began together are not to end together.
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
        Ok(Self { body, chunk: Bytes::new(), lines: EventLines::default(), filter, silence })
    }

    /// What is told next; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Told>> {
        loop {
            if let Some(told) = self.told()? {
                return Ok(Some(told));
            }
            let frame = tokio::time::timeout(self.silence, self.body.frame()).await;
            let Some(frame) = frame.map_err(|_| Error::Timeout)? else { return Ok(None) };
            let frame = frame.map_err(|error| Error::Lost(Box::new(error)))?;
            self.chunk = frame.into_data().unwrap_or_default();
        }
    }

    /// What is told in what came.
    fn told(&mut self) -> Result<Option<Told>> {
        let mut rest = &self.chunk[..];
        let event = self.lines.next_event(&mut rest);
        let left = rest.len();
        // A line that is no event is a connection that went wrong; another one will do.
        let event = event.map_err(|error| Error::Lost(error.into()))?;
        let told = event.map(|event| match event.event_type {
            EventType::Added => told(Kind::Added, event.object, &self.filter),
            EventType::Modified => told(Kind::Modified, event.object, &self.filter),
            EventType::Deleted => told(Kind::Deleted, event.object, &self.filter),
            EventType::Bookmark => told(Kind::Bookmark, event.object, &self.filter),
            EventType::Error => Err(match Refusal::of_status(event.object) {
                Some(refusal) => Error::of_refusal(refusal, "a watch"),
                None => Error::Lost("an error of a watch says nothing".into()),
            }),
        });
        self.chunk.advance(self.chunk.len() - left);
        told.transpose()
    }
}

fn told(kind: Kind, json: &[u8], filter: &Filter) -> Result<Told> {
    let mut object = Vec::with_capacity(json.len());
    filter.copy(json, &mut object).map_err(|error| Error::Lost(error.into()))?;
    Ok(Told { kind, object })
}
