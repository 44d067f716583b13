//! The last changes, for watches that are behind and for pages of earlier lists.

use std::collections::VecDeque;
use std::sync::Arc;

use super::place::KindId;
use super::stored::Stored;

/// Bytes that a change takes beside its objects, rounded up.
const OVERHEAD: usize = 256;

/// The last changes, oldest first.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// The revision of the last change that was forgotten.
    forgotten: u64,
    changes: VecDeque<Change>,
    /// Weight of all changes. An object counts with each change that has it.
    weight: usize,
}

/// A change of an object.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) revision: u64,
    pub(super) kind: KindId,
    /// The object as it was; `None` when it is new.
    pub(super) before: Option<Arc<Stored>>,
    /// The object as it is since; `None` when it is gone.
    pub(super) after: Option<Arc<Stored>>,
}

impl Change {
    fn weight(&self) -> usize {
        let objects = self.before.iter().chain(&self.after);
        OVERHEAD + objects.map(|object| object.weight()).sum::<usize>()
    }
}

impl Log {
    /// Remembers a change, and forgets the oldest that do not fit into `limit` bytes any more. The newest is kept always.
    pub(super) fn push(&mut self, change: Change, limit: usize) {
        self.weight += change.weight();
        self.changes.push_back(change);
        self.trim(limit);
    }

    /// Forgets the oldest changes that do not fit into `limit` bytes.
    pub(super) fn trim(&mut self, limit: usize) {
        while self.weight > limit && self.changes.len() > 1 {
            let Some(oldest) = self.changes.pop_front() else { return };
            self.weight -= oldest.weight();
            self.forgotten = oldest.revision;
        }
    }

    /// Forgets every change up to this revision.
    pub(super) fn forget(&mut self, revision: u64) {
        *self = Self { forgotten: revision, ..Self::default() };
    }

    /// The changes after a revision; `None` when some of them are forgotten.
    pub(super) fn since(&self, revision: u64) -> Option<impl DoubleEndedIterator<Item = &Change>> {
        let start = self.changes.partition_point(|change| change.revision <= revision);
        (revision >= self.forgotten).then(|| self.changes.range(start..))
    }
}
