//! Objects as they were at one revision, read in parts. A slow reader keeps no objects in memory: a snapshot is a
//! position in the store and its log.

use std::ops::Bound;
use std::sync::Arc;

use crdgen_backend::{Error, Reason, Result};

use super::place::ObjectId;
use super::selection::Selection;
use super::store::SharedStore;
use super::stored::Stored;

/// Maximum number of objects to examine in one read.
const MOST: usize = 1024;

/// Selected objects of one revision that were not read yet.
pub(super) struct Snapshot {
    store: SharedStore,
    selection: Selection,
    revision: u64,
    start: Bound<ObjectId>,
    end: Option<ObjectId>,
}

impl Snapshot {
    /// Creates a snapshot of the objects from `start` to `end` at a revision.
    pub(super) fn new(
        store: SharedStore,
        selection: Selection,
        revision: u64,
        (start, end): (Bound<ObjectId>, Option<ObjectId>),
    ) -> Self {
        Self { store, selection, revision, start, end }
    }

    /// Creates a snapshot of all selected objects at a revision.
    pub(super) fn all(store: SharedStore, selection: Selection, revision: u64) -> Self {
        let between = (selection.start(), None);
        Self::new(store, selection, revision, between)
    }

    /// Reads the next objects, of up to `bytes` together, or a single larger one. May return an empty list before the
    /// end. Returns `None` at the end.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::Expired`] when the log no longer has all changes since the revision.
    pub(super) fn read(&mut self, bytes: usize) -> Result<Option<Vec<Arc<Stored>>>> {
        let mut objects = self.look(bytes)?;
        let Some(last) = objects.last() else { return Ok(None) };
        self.start = Bound::Excluded(last.id.clone());
        objects.retain(|object| self.selection.selects(object));
        Ok(Some(objects))
    }

    fn look(&self, bytes: usize) -> Result<Vec<Arc<Stored>>> {
        let store = self.store.read();
        let objects =
            store.at(&self.selection.kind, self.revision, self.start.as_ref()).ok_or_else(|| self.expired())?;
        let ends = |object: &Stored| self.end.as_ref().is_some_and(|end| object.id > *end);
        let mut sum = 0;
        let some = objects.take_while(|object| self.selection.is_of_place(&object.id) && !ends(object)).take(MOST);
        Ok(some
            .take_while(|object| {
                let is_first = sum == 0;
                sum += object.len();
                is_first || sum <= bytes
            })
            .cloned()
            .collect())
    }

    fn expired(&self) -> Error {
        Error::new(Reason::Expired, format!("too old resource version: {}", self.revision))
    }
}
