//! The last changes, for watches that begin in the past and for those that are slow.

use std::collections::VecDeque;

use super::object::CachedObject;

/// A change of one object: it came, it went, or it was replaced. With neither state, time went on.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) before: Option<CachedObject>,
    pub(super) after: Option<CachedObject>,
    /// Last state of an object that went, with the version of its end.
    pub(super) last: Option<CachedObject>,
    pub(super) version: u64,
    /// Everything up to the version was told with this change.
    pub(super) is_last: bool,
}

impl Change {
    /// Time went on, nothing else happened.
    pub(super) fn bookmark(version: u64) -> Self {
        Self { before: None, after: None, last: None, version, is_last: true }
    }

    /// Bytes that the change takes, rounded up. An object counts with each change that has it.
    pub(super) fn weight(&self) -> usize {
        /// Bytes of a change beside its objects.
        const OVERHEAD: usize = 256;

        let objects = self.before.iter().chain(&self.after).chain(&self.last);
        OVERHEAD + objects.map(CachedObject::weight).sum::<usize>()
    }
}

/// Changes by their number, which begins with 0 and is never used again.
#[derive(Debug)]
pub(super) struct Ring {
    changes: VecDeque<Change>,
    first: u64,
    /// Changes that are kept at most.
    limit: usize,
    /// Bytes of changes that are kept at most; the newest is kept always.
    bytes: usize,
    weight: usize,
    /// Version since which all changes are known.
    since: u64,
}

impl Ring {
    pub(super) fn new(limit: usize, bytes: usize) -> Self {
        Self { changes: VecDeque::new(), first: 0, limit: limit.max(1), bytes, weight: 0, since: 0 }
    }

    /// Forgets everything: changes are known from this version on.
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

    /// The number of the next change.
    pub(super) fn next(&self) -> u64 {
        self.first + self.changes.len() as u64
    }

    /// The number of the first change after a version; `None` if that is not known any more.
    pub(super) fn after(&self, version: u64) -> Option<u64> {
        if version < self.since {
            return None;
        }
        Some(self.first + self.changes.partition_point(|change| change.version <= version) as u64)
    }

    /// Some changes from a number on: at most so many, of no more than so many bytes together unless it is one. `None` if
    /// they are not known any more.
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
