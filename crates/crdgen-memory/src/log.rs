//! Log of recent changes, for watches that are behind and for pages of earlier lists.

use std::collections::VecDeque;
use std::sync::Arc;

use super::place::KindId;
use super::stored::Stored;

/// Bytes that a change uses in addition to its objects, rounded up.
const OVERHEAD: usize = 256;

/// Log of recent changes, oldest first.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// Revision of the last change that was dropped.
    forgotten: u64,
    changes: VecDeque<Change>,
    /// Weight of all changes. An object counts once for each change that holds it.
    weight: usize,
}

/// Change of an object.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) revision: u64,
    pub(super) kind: KindId,
    /// State before the change. `None` for a new object.
    pub(super) before: Option<Arc<Stored>>,
    /// State after the change. `None` for a deleted object.
    pub(super) after: Option<Arc<Stored>>,
}

impl Change {
    fn weight(&self) -> usize {
        let objects = self.before.iter().chain(&self.after);
        OVERHEAD + objects.map(|object| object.weight()).sum::<usize>()
    }
}

impl Log {
    /// Appends a change, then drops the oldest changes that exceed `limit` bytes. Always keeps the newest change.
    pub(super) fn push(&mut self, change: Change, limit: usize) {
        self.weight += change.weight();
        self.changes.push_back(change);
        self.trim(limit);
    }

    /// Drops the oldest changes that exceed `limit` bytes. Always keeps the newest change.
    pub(super) fn trim(&mut self, limit: usize) {
        while self.weight > limit && self.changes.len() > 1 {
            let Some(oldest) = self.changes.pop_front() else { return };
            self.weight -= oldest.weight();
            self.forgotten = oldest.revision;
        }
    }

    /// Drops every change. `revision` must be that of the last write.
    pub(super) fn forget(&mut self, revision: u64) {
        *self = Self { forgotten: revision, ..Self::default() };
    }

    /// Returns the changes after a revision. `None` when some of them were dropped.
    pub(super) fn since(&self, revision: u64) -> Option<impl DoubleEndedIterator<Item = &Change>> {
        let start = self.changes.partition_point(|change| change.revision <= revision);
        (revision >= self.forgotten).then(|| self.changes.range(start..))
    }
}
