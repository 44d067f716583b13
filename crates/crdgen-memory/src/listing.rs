//! JSON of a list, written piece by piece while it is read.

use std::sync::Arc;

use bytes::Bytes;
use crdgen_backend::pieces::Pieces;
use crdgen_backend::{Error, ListResponseBody, Result, work};
use crdgen_core::{ListMeta, Resource, View};
use futures_util::stream;
use serde::Serialize;

use super::kind::Kind;
use super::page::Page;
use super::selection::Selection;
use super::snapshot::Snapshot;
use super::store::SharedStore;
use super::stored::Stored;

/// Maximum number of bytes of objects kept for a reader. A single object may be larger.
const KEPT: usize = 1 << 20;

/// First part of a list's JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'a> {
    api_version: &'a str,
    kind: &'a str,
    metadata: &'a ListMeta,
    items: [(); 0],
}

/// Returns the JSON of a page of objects. The objects are not decoded.
///
/// The body ends with [`Reason::Expired`](crdgen_backend::Reason::Expired) when it is read so slowly that the log drops
/// changes that it needs. A page of up to 1 MiB never fails for that reason.
pub(super) fn objects<K: Resource>(store: &SharedStore, selection: &Selection, page: Page) -> Result<ListResponseBody> {
    body::<K>(store, selection, page, Form::Stored)
}

/// Returns the JSON of the views of a page of objects. Leaves out objects that the view cannot hold.
pub(super) fn views<V: View>(store: &SharedStore, selection: &Selection, page: Page) -> Result<ListResponseBody> {
    body::<V::Of>(store, selection, page, Form::View(view::<V>))
}

/// Form of the items.
#[derive(Clone, Copy)]
enum Form {
    Stored,
    View(fn(&Kind, &Stored) -> Option<Bytes>),
}

fn view<V: View>(kind: &Kind, object: &Stored) -> Option<Bytes> {
    let view: V = object.decode(kind).ok()?;
    serde_json::to_vec(&view).ok().map(Bytes::from)
}

fn body<K: Resource>(store: &SharedStore, selection: &Selection, page: Page, form: Form) -> Result<ListResponseBody> {
    let head = Head { api_version: K::API_VERSION, kind: K::LIST_KIND, metadata: &page.metadata, items: [] };
    let mut head = serde_json::to_vec(&head).map_err(Error::internal)?;
    // The items are written between the brackets.
    head.truncate(head.len() - "]}".len());
    let (ready, rest) = page.parted(store, selection, KEPT);
    let mut pieces = Pieces::default();
    pieces.add(head.into());
    let kind = selection.kind.clone();
    let writing = Writing { kind, form, pieces, ready: Some(ready), rest, is_first: true, is_over: false };
    Ok(Box::pin(stream::unfold(writing, |mut writing| async move {
        let piece = writing.next().await.transpose()?;
        Some((piece, writing))
    })))
}

struct Writing {
    kind: Arc<Kind>,
    form: Form,
    pieces: Pieces,
    /// First objects of the page. `None` once they are written.
    ready: Option<Vec<Arc<Stored>>>,
    rest: Option<Snapshot>,
    is_first: bool,
    is_over: bool,
}

impl Writing {
    /// Returns the next piece of the body.
    async fn next(&mut self) -> Result<Option<Bytes>> {
        while self.pieces.size() == 0 && !self.is_over {
            self.write().await.inspect_err(|_| self.is_over = true)?;
        }
        Ok(self.pieces.pop())
    }

    /// Writes some objects, or the end of the list.
    async fn write(&mut self) -> Result<()> {
        match self.read()? {
            Some(objects) => self.items(objects).await,
            None => {
                self.pieces.add(Bytes::from_static(b"]}"));
                self.is_over = true;
            }
        }
        Ok(())
    }

    fn read(&mut self) -> Result<Option<Vec<Arc<Stored>>>> {
        if let Some(ready) = self.ready.take() {
            return Ok(Some(ready));
        }
        self.rest.as_mut().map_or(Ok(None), |rest| rest.read(KEPT))
    }

    async fn items(&mut self, objects: Vec<Arc<Stored>>) {
        match self.form {
            Form::Stored => {
                for object in objects {
                    self.item(object.pieces(&self.kind, object.version));
                }
            }
            Form::View(view) => {
                let (kind, bytes) = (self.kind.clone(), objects.iter().map(|object| object.len()).sum());
                let views = move || objects.iter().filter_map(|object| view(&kind, object)).collect::<Vec<_>>();
                work::run(bytes, views).await.into_iter().for_each(|view| self.item([view]));
            }
        }
    }

    fn item(&mut self, json: impl IntoIterator<Item = Bytes>) {
        if !std::mem::replace(&mut self.is_first, false) {
            self.pieces.add(Bytes::from_static(b","));
        }
        json.into_iter().for_each(|piece| self.pieces.add(piece));
    }
}
