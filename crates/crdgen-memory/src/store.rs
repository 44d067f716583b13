//! Ordered objects, and the revision, which increases with every write.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::ops::Bound;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crdgen_backend::encryption::EncryptionKey;
use tokio::sync::watch;

use super::kind::Kind;
use super::limits::{Exceeded, Limits, Usage};
use super::log::{Change, Log};
use super::place::{KindId, ObjectId, Place};
use super::stored::Stored;
use super::views::Views;

/// Store that several handles share.
#[derive(Clone, Debug, Default)]
pub(super) struct SharedStore(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    store: RwLock<Store>,
    /// Key that encrypts continue tokens.
    token_key: EncryptionKey,
    views: Views,
}

impl SharedStore {
    /// Locks the store for reading. Callers must not clone, decode or compare the content of objects under the lock.
    pub(super) fn read(&self) -> RwLockReadGuard<'_, Store> {
        // A panic leaves no partial write, since the store changes in one step at the end of a write.
        self.0.store.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Locks the store for a write whose new state is already prepared.
    pub(super) fn write(&self) -> RwLockWriteGuard<'_, Store> {
        self.0.store.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn token_key(&self) -> &EncryptionKey {
        &self.0.token_key
    }

    pub(super) fn views(&self) -> &Views {
        &self.0.views
    }
}

/// All objects of all kinds.
#[derive(Debug, Default)]
pub(super) struct Store {
    revision: u64,
    kinds: BTreeMap<KindId, BTreeMap<ObjectId, Arc<Stored>>>,
    log: Log,
    usage: Usage,
    limits: Limits,
    /// Notifies watches of a new revision.
    bell: watch::Sender<u64>,
}

impl Store {
    /// Returns the revision of the last write.
    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// Returns a receiver that is notified of every write.
    pub(super) fn bell(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }

    /// Returns the log of recent changes.
    pub(super) fn log(&self) -> &Log {
        &self.log
    }

    /// Drops all changes of the log.
    pub(super) fn forget(&mut self) {
        self.log.forget(self.revision);
    }

    pub(super) fn limit(&mut self, limits: Limits) {
        self.limits = limits;
        self.log.trim(limits.log_bytes);
    }

    pub(super) fn get(&self, place: &Place) -> Option<&Arc<Stored>> {
        self.kinds.get(&place.kind)?.get(&place.id)
    }

    /// Returns the number of objects of a kind.
    pub(super) fn count(&self, kind: &Kind) -> usize {
        self.kinds.get(&kind.resource).map_or(0, BTreeMap::len)
    }

    /// Checks that an object that replaces `before` keeps within the limits.
    pub(super) fn check_quota(&self, place: &Place, before: Option<&Stored>, after: &Stored) -> Result<(), Exceeded> {
        self.usage.check(place, before.map_or(0, Stored::weight), after.weight(), &self.limits)
    }

    /// Stores an object and returns its new revision. Returns `None` when the stored object is no longer `before`.
    pub(super) fn put(&mut self, place: Place, before: Option<&Arc<Stored>>, after: Stored) -> Option<u64> {
        if !self.is_there(&place, before) {
            return None;
        }
        self.revision += 1;
        let after = Arc::new(after.at(self.revision));
        self.usage.count(&place, before.map_or(0, |before| before.weight()), after.weight());
        self.kinds.entry(place.kind.clone()).or_default().insert(place.id, after.clone());
        self.tell(place.kind, before.cloned(), Some(after));
        Some(self.revision)
    }

    /// Removes an object. Returns false when the stored object is no longer `before`.
    pub(super) fn remove(&mut self, place: &Place, before: &Arc<Stored>) -> bool {
        if !self.is_there(place, Some(before)) {
            return false;
        }
        if let Some(objects) = self.kinds.get_mut(&place.kind) {
            objects.remove(&place.id);
        }
        self.revision += 1;
        self.usage.count(place, before.weight(), 0);
        self.tell(place.kind.clone(), Some(before.clone()), None);
        true
    }

    /// Returns whether the object at a place is `wanted`. `None` stands for no object.
    pub(super) fn is_there(&self, place: &Place, wanted: Option<&Arc<Stored>>) -> bool {
        match (self.get(place), wanted) {
            (Some(there), Some(wanted)) => Arc::ptr_eq(there, wanted),
            (there, wanted) => there.is_none() && wanted.is_none(),
        }
    }

    fn tell(&mut self, kind: KindId, before: Option<Arc<Stored>>, after: Option<Arc<Stored>>) {
        self.log.push(Change { revision: self.revision, kind, before, after }, self.limits.log_bytes);
        self.bell.send_replace(self.revision);
    }

    /// Returns the objects of a kind at a revision, in order from `start`. `None` when the log no longer has all
    /// changes since then.
    pub(super) fn at<'s>(
        &'s self,
        kind: &Kind,
        revision: u64,
        start: Bound<&ObjectId>,
    ) -> Option<impl Iterator<Item = &'s Arc<Stored>> + use<'s>> {
        let range = (start, Bound::Unbounded);
        let mut then = BTreeMap::new();
        // In reverse, so that the state before the first change is kept.
        for change in self.log.since(revision)?.rev().filter(|change| change.kind == kind.resource) {
            if let Some(object) = change.before.as_ref().or(change.after.as_ref()) {
                then.insert(&object.id, change.before.as_ref());
            }
        }
        let now = self.kinds.get(&kind.resource).map(|objects| objects.range::<ObjectId, _>(range));
        let then: Vec<_> = then.range::<ObjectId, _>(range).map(|(id, object)| (*id, *object)).collect();
        Some(Overlaid { now: now.into_iter().flatten().peekable(), then: then.into_iter().peekable() })
    }
}

/// Current objects, overlaid by the states of an earlier revision.
struct Overlaid<N: Iterator, T: Iterator> {
    now: Peekable<N>,
    then: Peekable<T>,
}

impl<'s, N, T> Iterator for Overlaid<N, T>
where
    N: Iterator<Item = (&'s ObjectId, &'s Arc<Stored>)>,
    T: Iterator<Item = (&'s ObjectId, Option<&'s Arc<Stored>>)>,
{
    type Item = &'s Arc<Stored>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some((id, _)) = self.then.peek() else { return self.now.next().map(|(_, object)| object) };
            let id = *id;
            if let Some((_, object)) = self.now.next_if(|(now, _)| *now < id) {
                return Some(object);
            }
            self.now.next_if(|(now, _)| *now == id);
            if let Some((_, Some(object))) = self.then.next() {
                return Some(object);
            }
        }
    }
}
