//! What happened lately, for those who watch.

use std::collections::VecDeque;
use std::sync::Arc;

use super::object::Object;
use super::store::{KindId, ObjectId};

/// How many writes are remembered. Whoever is further behind has to look again.
const CAPACITY: usize = 10_000;

/// The last writes, oldest first.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// The revision of the last write that was forgotten.
    forgotten: u64,
    entries: VecDeque<Entry>,
}

/// A write.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) revision: u64,
    pub(super) kind: KindId,
    pub(super) id: ObjectId,
    /// What was there.
    pub(super) before: Option<Arc<Object>>,
    /// What is there now; `None` when it is gone.
    pub(super) after: Option<Arc<Object>>,
}

impl Log {
    pub(super) fn push(&mut self, entry: Entry) {
        if self.entries.len() == CAPACITY {
            self.forgotten = self.entries.pop_front().map_or(self.forgotten, |entry| entry.revision);
        }
        self.entries.push_back(entry);
    }

    /// Forgets every write up to this revision.
    pub(super) fn forget(&mut self, revision: u64) {
        self.forgotten = revision;
        self.entries.clear();
    }

    /// The writes after a revision; `None` when some of them are forgotten.
    pub(super) fn since(&self, revision: u64) -> Option<impl DoubleEndedIterator<Item = &Entry>> {
        let start = self.entries.partition_point(|entry| entry.revision <= revision);
        (revision >= self.forgotten).then(|| self.entries.range(start..))
    }
}
