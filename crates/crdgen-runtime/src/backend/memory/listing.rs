//! A list as JSON, written piece by piece while it is read.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use serde::Serialize;

use super::kind::Kind;
use super::page::Page;
use super::selection::Selection;
use super::snapshot::Snapshot;
use super::store::SharedStore;
use super::stored::Stored;
use crate::backend::pieces::Pieces;
use crate::backend::{Error, ListingBody, Result};
use crate::{ListMeta, Resource};

/// Bytes of objects that are kept for a reader, unless it is one object.
const KEPT: usize = 1 << 20;

/// Bytes of a piece of the body, about.
const CHUNK: usize = 64 << 10;

/// The beginning of a list as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'a> {
    api_version: &'a str,
    kind: &'a str,
    metadata: &'a ListMeta,
    items: [(); 0],
}

/// The JSON of a page of `K`. Its objects are not decoded.
///
/// # Errors
///
/// The body breaks with [`Reason::Expired`](crate::backend::Reason::Expired) when it is read so slowly that too much changes
/// meanwhile. A page of up to 1 MiB does not.
pub(super) fn body<K: Resource>(store: &SharedStore, selection: &Selection, page: Page) -> Result<ListingBody> {
    let head = Head { api_version: K::API_VERSION, kind: K::LIST_KIND, metadata: &page.metadata, items: [] };
    let mut head = serde_json::to_vec(&head).map_err(Error::internal)?;
    // The list goes on between the brackets.
    let items = head.len() - "]}".len();
    head.truncate(items);
    let (ready, rest) = page.parted(store, selection, KEPT);
    let mut pieces = Pieces::default();
    pieces.add(head.into());
    let writing =
        Writing { kind: selection.kind.clone(), pieces, ready: ready.into(), rest, is_first: true, is_over: false };
    Ok(Box::pin(stream::unfold(writing, |mut writing| async move {
        let chunk = writing.next().transpose()?;
        Some((chunk, writing))
    })))
}

struct Writing {
    kind: Arc<Kind>,
    pieces: Pieces,
    ready: std::collections::VecDeque<Arc<Stored>>,
    rest: Option<Snapshot>,
    is_first: bool,
    is_over: bool,
}

impl Writing {
    /// The next piece of the body.
    fn next(&mut self) -> Result<Option<Bytes>> {
        while !self.is_over && self.pieces.len() < CHUNK {
            match self.object() {
                Ok(Some(object)) => self.item(&object),
                Ok(None) => {
                    self.pieces.add(Bytes::from_static(b"]}"));
                    self.is_over = true;
                }
                Err(error) => {
                    self.is_over = true;
                    self.pieces = Pieces::default();
                    return Err(error);
                }
            }
        }
        Ok(self.pieces.next())
    }

    fn object(&mut self) -> Result<Option<Arc<Stored>>> {
        while self.ready.is_empty() {
            let Some(rest) = &mut self.rest else { return Ok(None) };
            match rest.read(KEPT)? {
                Some(objects) => self.ready.extend(objects),
                None => self.rest = None,
            }
        }
        Ok(self.ready.pop_front())
    }

    fn item(&mut self, object: &Stored) {
        if !std::mem::replace(&mut self.is_first, false) {
            self.pieces.add(Bytes::from_static(b","));
        }
        object.pieces(&self.kind, object.version).into_iter().for_each(|piece| self.pieces.add(piece));
    }
}
