//! A list of what is cached.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use ::bytes::Bytes;
use futures_core::Stream;

use super::object::CachedObject;
use super::snapshot::Snapshot;
use crate::ListMeta;
use crate::backend::{LabelSelector, ListQuery, Namespace};
use crate::bytes::{ListHead, ListWriter};

/// A page of a list.
#[derive(Debug)]
pub(super) struct Page {
    snapshot: Snapshot,
    /// The next object to look at.
    next: usize,
    /// The first one that is not in the page.
    end: usize,
    labels: LabelSelector,
    metadata: ListMeta,
}

impl Page {
    /// Where the page ends is decided here; its objects are read by and by.
    pub(super) fn cut(
        snapshot: Snapshot,
        version: u64,
        start: usize,
        namespace: Option<&Namespace>,
        query: &ListQuery,
    ) -> Self {
        let (first, last) = snapshot.bounds(namespace.map(Namespace::as_str));
        let mut metadata = ListMeta { resource_version: Some(version.to_string()), ..ListMeta::default() };
        let next = start.clamp(first, last);
        let mut page = Self { snapshot, next, end: last, labels: query.labels.clone(), metadata: ListMeta::default() };
        if let Some(limit) = query.limit {
            let mut selected = (next..last).filter(|&index| page.selects(index));
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
        page
    }

    pub(super) fn goes_on(&self) -> bool {
        self.metadata.continue_.is_some()
    }

    pub(super) fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    fn selects(&self, index: usize) -> bool {
        self.labels.is_empty()
            || self.snapshot.at(index).is_some_and(|object| self.labels.matches(|key| object.label(key)))
    }

    fn next(&mut self) -> Option<CachedObject> {
        let index = (self.next..self.end).find(|&index| self.selects(index));
        self.next = index.map_or(self.end, |index| index + 1);
        self.snapshot.at(index?).cloned()
    }
}

/// A list that shows one version, whatever changes while it is read. As a stream it is the body of a response.
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

    /// What the list says beside its items.
    pub fn metadata(&self) -> &ListMeta {
        &self.page.metadata
    }

    /// The objects.
    pub fn objects(mut self) -> impl Iterator<Item = CachedObject> {
        std::iter::from_fn(move || self.page.next())
    }
}

impl Stream for CachedList {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        const CHUNK: usize = 64 << 10;
        let this = self.get_mut();
        while !this.is_done && this.writer.len() < CHUNK {
            match this.page.next() {
                Some(object) => this.writer.raw(object.json().as_bytes()),
                None => {
                    this.writer.end(&this.page.metadata);
                    this.is_done = true;
                }
            }
        }
        if this.writer.is_empty() {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(Ok(this.writer.take())))
    }
}
