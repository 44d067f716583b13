//! One connection of a watch, from its request to its end.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use kube::client::Body;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::documents::Documents;
use crate::backend::WatchQuery;
use crate::client::error::{Error, Result};
use crate::client::refusal::Refusal;
use crate::client::request::{Query, Request};
use crate::client::transport::{OBJECT_LIMIT, Transport};

/// How long a server may keep a watch; it ends it then, and says nothing.
const SHORTEST: u64 = 240;
const LONGEST: u64 = 300;
/// How much longer it takes until a connection counts as dead.
const GRACE: Duration = Duration::from_secs(30);

/// An open watch.
pub struct Connection {
    body: Body,
    documents: Documents,
    silence: Duration,
}

/// What a server tells.
pub struct Told {
    pub kind: Kind,
    /// The object, as JSON.
    pub object: Bytes,
}

/// The `type` of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Added,
    Modified,
    Deleted,
    Bookmark,
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    object: &'a RawValue,
}

impl Connection {
    /// Watches what happens after a version.
    pub async fn open(transport: &Transport, mut request: Request, query: &WatchQuery, after: &str) -> Result<Self> {
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
        Ok(Self { body, documents: Documents::default(), silence: Duration::from_secs(seconds) + GRACE })
    }

    /// What is told next; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Told>> {
        loop {
            if let Some(document) = self.documents.next() {
                return told(&document).map(Some);
            }
            if self.documents.waiting() > OBJECT_LIMIT {
                return Err(Error::TooLarge(OBJECT_LIMIT));
            }
            let frame = tokio::time::timeout(self.silence, self.body.frame()).await;
            match frame.map_err(|_| Error::Timeout)? {
                Some(frame) => {
                    let frame = frame.map_err(|error| Error::Lost(Box::new(error)))?;
                    frame.data_ref().into_iter().for_each(|bytes| self.documents.push(bytes));
                }
                None => return Ok(None),
            }
        }
    }
}

/// Reads a line. What it is about is not read yet.
fn told(document: &Bytes) -> Result<Told> {
    // A line that is no event is a connection that went wrong; another one will do.
    let lost = |what: &str| Error::Lost(what.into());
    let line: Line<'_> = serde_json::from_slice(document).map_err(|_| lost("a line of a watch is no event"))?;
    let object = document.slice_ref(line.object.get().as_bytes());
    let kind = match &*line.kind {
        "ADDED" => Kind::Added,
        "MODIFIED" => Kind::Modified,
        "DELETED" => Kind::Deleted,
        "BOOKMARK" => Kind::Bookmark,
        "ERROR" => {
            let refusal = Refusal::of_status(&object).ok_or_else(|| lost("an error of a watch says nothing"))?;
            return Err(Error::of_refusal(refusal, "a watch"));
        }
        _ => return Err(lost("an event of a watch is of no known type")),
    };
    Ok(Told { kind, object })
}
