//! Lists of cached objects.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use crdgen_backend::{LabelSelector, ListQuery, Namespace, Result};
use crdgen_core::ListMeta;
use crdgen_splitter::{ListHead, ListWriter};
use futures_core::Stream;

use super::object::CachedObject;
use super::pinned::PinnedSnapshot;
use super::snapshot::Snapshot;

/// Page of a list.
#[derive(Debug)]
pub(super) struct Page {
    pinned: Arc<PinnedSnapshot>,
    /// Index of the next object to examine.
    next: usize,
    /// Index of the first object after the page.
    end: usize,
    labels: LabelSelector,
    metadata: ListMeta,
}

impl Page {
    /// Creates a page by finding its end. Its objects are read later.
    pub(super) fn cut(
        pinned: Arc<PinnedSnapshot>,
        start: usize,
        namespace: Option<&Namespace>,
        query: &ListQuery,
    ) -> Result<Self> {
        let (version, snapshot) = (pinned.version(), pinned.objects()?);
        let (first, last) = snapshot.bounds(namespace.map(Namespace::as_str));
        let mut metadata = ListMeta { resource_version: Some(version.to_string()), ..ListMeta::default() };
        let next = start.clamp(first, last);
        let mut page = Self { pinned, next, end: last, labels: query.labels.clone(), metadata: ListMeta::default() };
        if let Some(limit) = query.limit {
            let mut selected = (next..last).filter(|&index| page.selects(&snapshot, index));
            let limit = usize::try_from(limit.get()).unwrap_or(usize::MAX);
            // The page ends before the first object that exceeds the limit.
            if let Some(end) = selected.nth(limit) {
                metadata.continue_ = Some(format!("{version}.{end}"));
                // As on the API server, the number is absent with a selector, since it would have to be counted.
                metadata.remaining_item_count = query.labels.is_empty().then_some((last - end) as i64);
                page.end = end;
            }
        }
        page.metadata = metadata;
        Ok(page)
    }

    pub(super) fn goes_on(&self) -> bool {
        self.metadata.continue_.is_some()
    }

    fn selects(&self, snapshot: &Snapshot, index: usize) -> bool {
        self.labels.is_empty() || snapshot.at(index).is_some_and(|object| self.labels.matches(|key| object.label(key)))
    }

    fn next(&mut self, snapshot: &Snapshot) -> Option<CachedObject> {
        let index = (self.next..self.end).find(|&index| self.selects(snapshot, index));
        self.next = index.map_or(self.end, |index| index + 1);
        snapshot.at(index?).cloned()
    }
}

/// List that shows one version, even if objects change while it is read. As a stream, it is the body of a response.
///
/// The stream fails with [`Reason::Expired`](crdgen_backend::Reason::Expired) when it is read so slowly that changes
/// exceed [`Limits::snapshot_bytes`](super::Limits).
#[derive(Debug)]
pub struct CachedList {
    page: Page,
    writer: ListWriter,
    is_done: bool,
}

impl CachedList {
    pub(super) fn new(head: ListHead, page: Page) -> Self {
        Self { page, writer: ListWriter::new(head), is_done: false }
    }

    /// Returns the metadata of the list: resourceVersion and continue token.
    pub fn metadata(&self) -> &ListMeta {
        &self.page.metadata
    }

    /// Returns the objects. They are kept until the iterator is dropped, even if objects change.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::Expired`](crdgen_backend::Reason::Expired) when changes since the list was created exceed the
    /// limit.
    pub fn objects(mut self) -> Result<impl Iterator<Item = CachedObject>> {
        let snapshot = self.page.pinned.objects()?;
        Ok(std::iter::from_fn(move || self.page.next(&snapshot)))
    }

    fn fill(&mut self) -> Result<()> {
        const CHUNK: usize = 64 << 10;

        let snapshot = self.page.pinned.objects()?;
        while !self.is_done && self.writer.len() < CHUNK {
            match self.page.next(&snapshot) {
                Some(object) => self.writer.raw(object.json().as_bytes()),
                None => {
                    self.writer.end(&self.page.metadata);
                    self.is_done = true;
                }
            }
        }
        Ok(())
    }
}

impl Stream for CachedList {
    type Item = Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if !this.is_done
            && let Err(error) = this.fill()
        {
            this.is_done = true;
            this.writer.take();
            return Poll::Ready(Some(Err(error)));
        }
        if this.writer.is_empty() {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(Ok(this.writer.take())))
    }
}
