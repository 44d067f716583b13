//! Writer of lists, item by item.

use bytes::Bytes;
use crdgen_core::{ListMeta, Resource};
use serde::Serialize;

use super::error::Error;
use super::filter::Filter;
use super::splitter::Splitter;

/// Number of bytes that a stream collects before it returns a chunk. A chunk may be smaller when no further item is
/// ready.
pub(super) const CHUNK: usize = 64 << 10;

/// Type of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListHead {
    /// `apiVersion`: `group/version`.
    pub api_version: &'static str,
    /// `kind` of the list, for example `PipelineRunList`.
    pub kind: &'static str,
}

impl ListHead {
    /// Returns the head of a list of `K`, or of views of `K`.
    pub fn of<K: Resource>() -> Self {
        Self { api_version: K::API_VERSION, kind: K::LIST_KIND }
    }
}

/// List that is being written. The keys are in the order of an API server: `apiVersion`, `items`, `kind`, `metadata`.
#[derive(Debug)]
pub struct ListWriter {
    kind: &'static str,
    out: Vec<u8>,
    has_items: bool,
}

impl ListWriter {
    /// Begins a list.
    pub fn new(head: ListHead) -> Self {
        let mut writer = Self { kind: head.kind, out: Vec::new(), has_items: false };
        writer.out.extend_from_slice(b"{\"apiVersion\":");
        writer.text(head.api_version);
        writer.out.extend_from_slice(b",\"items\":[");
        writer
    }

    /// Returns the number of bytes that [`take`](Self::take) would return.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Returns whether [`take`](Self::take) would return no bytes.
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// Appends an item that is already JSON, unchanged.
    pub fn raw(&mut self, item: &[u8]) {
        self.separate();
        self.out.extend_from_slice(item);
    }

    /// Appends an item.
    ///
    /// # Errors
    ///
    /// Fails when the item cannot be serialized as JSON. The list stays valid without the item.
    pub fn item(&mut self, item: &impl Serialize) -> serde_json::Result<()> {
        let before = (self.out.len(), self.has_items);
        self.separate();
        serde_json::to_writer(&mut self.out, item).inspect_err(|_| {
            self.out.truncate(before.0);
            self.has_items = before.1;
        })
    }

    /// Appends the next item of a chunk after filtering. See [`Splitter::next_cut`].
    ///
    /// # Errors
    ///
    /// Fails as [`Splitter::next_cut`].
    pub fn next_cut(&mut self, splitter: &mut Splitter, filter: &Filter, chunk: &mut &[u8]) -> Result<bool, Error> {
        let before = (self.out.len(), self.has_items);
        self.separate();
        let is_there = splitter.next_cut(filter, chunk, &mut self.out)?;
        if !is_there {
            self.out.truncate(before.0);
            self.has_items = before.1;
        }
        Ok(is_there)
    }

    /// Ends the list.
    pub fn end(&mut self, metadata: &ListMeta) {
        self.out.extend_from_slice(b"],\"kind\":");
        self.text(self.kind);
        self.out.extend_from_slice(b",\"metadata\":");
        serde_json::to_writer(&mut self.out, metadata).expect("texts and numbers are JSON");
        self.out.push(b'}');
    }

    /// Returns the bytes written so far, and keeps none of them.
    pub fn take(&mut self) -> Bytes {
        let room = self.out.len();
        Bytes::from(std::mem::replace(&mut self.out, Vec::with_capacity(room)))
    }

    fn separate(&mut self) {
        if self.has_items {
            self.out.push(b',');
        }
        self.has_items = true;
    }

    fn text(&mut self, text: &str) {
        serde_json::to_writer(&mut self.out, text).expect("a text is JSON");
    }
}
