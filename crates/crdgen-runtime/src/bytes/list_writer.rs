//! Writes a list piece by piece.

use ::bytes::Bytes;
use serde::Serialize;

use super::error::Error;
use super::filter::Filter;
use super::splitter::Splitter;
use crate::{ListMeta, Resource};

/// What streams of chunks collect before they hand it on, unless there is nothing more to write yet.
pub(super) const CHUNK: usize = 64 << 10;

/// What a list is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListHead {
    /// `group/version`.
    pub api_version: &'static str,
    /// The kind of the list.
    pub kind: &'static str,
}

impl ListHead {
    /// A list of `K`, or of views of it.
    pub fn of<K: Resource>() -> Self {
        Self { api_version: K::API_VERSION, kind: K::LIST_KIND }
    }
}

/// A list under way, with its keys in the order that API servers write: `apiVersion`, `items`, `kind`, `metadata`.
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

    /// How many bytes wait to be taken.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Whether no bytes wait to be taken.
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// Appends an item as it stands.
    pub fn raw(&mut self, item: &[u8]) {
        self.separate();
        self.out.extend_from_slice(item);
    }

    /// Appends an item.
    ///
    /// # Errors
    ///
    /// When the item cannot be written as JSON. The list goes on without it.
    pub fn item(&mut self, item: &impl Serialize) -> serde_json::Result<()> {
        let before = (self.out.len(), self.has_items);
        self.separate();
        serde_json::to_writer(&mut self.out, item).inspect_err(|_| {
            self.out.truncate(before.0);
            self.has_items = before.1;
        })
    }

    /// Appends what a filter keeps of the next item of a chunk, by [`Splitter::next_cut`].
    ///
    /// # Errors
    ///
    /// Those of the splitter.
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

    /// Takes what was written.
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
