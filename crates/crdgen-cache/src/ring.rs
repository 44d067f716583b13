//! Buffer of recent changes, for watches that begin in the past or are slow.

use std::collections::VecDeque;

use super::object::CachedObject;

/// Change of one object: created, deleted or replaced. Without both states it is a bookmark.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) before: Option<CachedObject>,
    pub(super) after: Option<CachedObject>,
    /// Last state of a deleted object, with the resourceVersion of the deletion.
    pub(super) last: Option<CachedObject>,
    pub(super) version: u64,
    /// Whether all changes up to `version` were reported with this change.
    pub(super) is_last: bool,
}

impl Change {
    /// Creates a change that only reports a new version.
    pub(super) fn bookmark(version: u64) -> Self {
        Self { before: None, after: None, last: None, version, is_last: true }
    }

    /// Returns the bytes of memory that the change uses, rounded up. An object counts once for each change that holds
    /// it.
    pub(super) fn weight(&self) -> usize {
        /// Bytes of a change in addition to its objects.
        const OVERHEAD: usize = 256;

        let objects = self.before.iter().chain(&self.after).chain(&self.last);
        OVERHEAD + objects.map(CachedObject::weight).sum::<usize>()
    }
}

/// Recent changes, by number. Numbers begin with 0 and are never reused.
#[derive(Debug)]
pub(super) struct Ring {
    changes: VecDeque<Change>,
    first: u64,
    /// Maximum number of changes.
    limit: usize,
    /// Maximum number of bytes of changes. The newest change is always kept.
    bytes: usize,
    weight: usize,
    /// resourceVersion after which all changes are in the buffer.
    since: u64,
}

impl Ring {
    pub(super) fn new(limit: usize, bytes: usize) -> Self {
        Self { changes: VecDeque::new(), first: 0, limit: limit.max(1), bytes, weight: 0, since: 0 }
    }

    /// Drops all changes. From then on the buffer holds the changes after `version`.
    pub(super) fn restart(&mut self, version: u64) {
        self.first = self.next();
        self.changes.clear();
        self.weight = 0;
        self.since = version;
    }

    pub(super) fn push(&mut self, change: Change) {
        self.weight += change.weight();
        self.changes.push_back(change);
        while self.changes.len() > self.limit || (self.weight > self.bytes && self.changes.len() > 1) {
            let Some(oldest) = self.changes.pop_front() else { return };
            self.first += 1;
            self.since = oldest.version;
            self.weight -= oldest.weight();
        }
    }

    /// Returns the number of the next change.
    pub(super) fn next(&self) -> u64 {
        self.first + self.changes.len() as u64
    }

    /// Returns the number of the first change after a resourceVersion. `None` when some of the changes since then were
    /// dropped.
    pub(super) fn after(&self, version: u64) -> Option<u64> {
        if version < self.since {
            return None;
        }
        Some(self.first + self.changes.partition_point(|change| change.version <= version) as u64)
    }

    /// Returns up to `most` changes from a number, of up to `bytes` in total or a single larger one. `None` when some
    /// of them were dropped.
    pub(super) fn from(&self, number: u64, most: usize, bytes: usize) -> Option<impl Iterator<Item = &Change>> {
        let skipped = usize::try_from(number.checked_sub(self.first)?).ok()?;
        let mut sum = 0;
        Some(self.changes.iter().skip(skipped).take(most).take_while(move |change| {
            let is_first = sum == 0;
            sum += change.weight();
            is_first || sum <= bytes
        }))
    }
}
