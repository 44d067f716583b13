//! A list of what is cached.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use ::bytes::Bytes;
use futures_core::Stream;

use super::held::Held;
use super::object::CachedObject;
use super::snapshot::Snapshot;
use crate::ListMeta;
use crate::backend::{LabelSelector, ListQuery, Namespace, Result};
use crate::bytes::{ListHead, ListWriter};

/// A page of a list.
#[derive(Debug)]
pub(super) struct Page {
    held: Arc<Held>,
    /// The next object to look at.
    next: usize,
    /// The first one that is not in the page.
    end: usize,
    labels: LabelSelector,
    metadata: ListMeta,
}

impl Page {
    /// Decides where the page ends. Its objects are read by and by.
    pub(super) fn cut(held: Arc<Held>, start: usize, namespace: Option<&Namespace>, query: &ListQuery) -> Result<Self> {
        let (version, snapshot) = (held.version(), held.objects()?);
        let (first, last) = snapshot.bounds(namespace.map(Namespace::as_str));
        let mut metadata = ListMeta { resource_version: Some(version.to_string()), ..ListMeta::default() };
        let next = start.clamp(first, last);
        let mut page = Self { held, next, end: last, labels: query.labels.clone(), metadata: ListMeta::default() };
        if let Some(limit) = query.limit {
            let mut selected = (next..last).filter(|&index| page.selects(&snapshot, index));
            let limit = usize::try_from(limit.get()).unwrap_or(usize::MAX);
            // The page ends before the first that is one too many.
            if let Some(end) = selected.nth(limit) {
                metadata.continue_ = Some(format!("{version}.{end}"));
                // As the API server: with a selector it would have to be counted.
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

/// A list that shows one version, whatever changes while it is read. As a stream it is the body of a response.
///
/// A body that is read so slowly that more changes meanwhile than [`Limits::snapshot_bytes`](super::Limits) breaks with
/// [`Reason::Expired`](crate::backend::Reason::Expired).
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

    /// Metadata of the list: its version and where it goes on.
    pub fn metadata(&self) -> &ListMeta {
        &self.page.metadata
    }

    /// The objects. They are kept, whatever changes, until the iterator is dropped.
    ///
    /// # Errors
    ///
    /// [`Reason::Expired`](crate::backend::Reason::Expired) when too much changed since the list was made.
    pub fn objects(mut self) -> Result<impl Iterator<Item = CachedObject>> {
        let snapshot = self.page.held.objects()?;
        Ok(std::iter::from_fn(move || self.page.next(&snapshot)))
    }

    fn fill(&mut self) -> Result<()> {
        const CHUNK: usize = 64 << 10;

        let snapshot = self.page.held.objects()?;
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
