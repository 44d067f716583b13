//! Objects in order, and the revision that every write raises.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use tokio::sync::watch;

use super::kind::Kind;
use super::log::{Entry, Log};
use super::object::Object;
use crate::backend::Namespace;

/// A store that many have a handle on.
#[derive(Clone, Debug, Default)]
pub(super) struct SharedStore(Arc<RwLock<Store>>);

impl SharedStore {
    pub(super) fn read(&self) -> RwLockReadGuard<'_, Store> {
        // A panic elsewhere leaves no half-done write: the store changes in one step, at the end.
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, Store> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Every object of every kind.
#[derive(Debug, Default)]
pub(super) struct Store {
    revision: u64,
    kinds: BTreeMap<KindId, BTreeMap<ObjectId, Arc<Object>>>,
    log: Log,
    /// Rings when there is a new revision.
    bell: watch::Sender<u64>,
}

/// `plural.group`: versions of a kind share its objects.
pub(super) type KindId = Arc<str>;

/// Namespace (empty for a cluster-scoped kind) and name: the order of lists.
pub(super) type ObjectId = (String, String);

/// Where an object is in the store.
pub(super) struct Place {
    kind: KindId,
    object: ObjectId,
}

impl Place {
    pub(super) fn new(kind: &Kind, namespace: Option<&Namespace>, name: &str) -> Self {
        let namespace = namespace.map(Namespace::to_string).unwrap_or_default();
        Self { kind: kind.resource.clone(), object: (namespace, name.to_owned()) }
    }
}

impl Store {
    /// The revision of the last write.
    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// Rings at every write.
    pub(super) fn bell(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }

    /// What happened lately.
    pub(super) fn log(&self) -> &Log {
        &self.log
    }

    /// Forgets what happened.
    pub(super) fn forget(&mut self) {
        self.log.forget(self.revision);
    }

    pub(super) fn get(&self, place: &Place) -> Option<&Arc<Object>> {
        self.kinds.get(&place.kind)?.get(&place.object)
    }

    /// Stores an object at a new revision.
    pub(super) fn put(&mut self, place: Place, object: Object) -> Arc<Object> {
        let after = self.next_version(object);
        let before = self.kinds.entry(place.kind.clone()).or_default().insert(place.object.clone(), after.clone());
        self.tell(place, before, Some(after.clone()));
        after
    }

    /// Removes an object; those who watch are told what it was, with the revision at which it went.
    pub(super) fn remove(&mut self, place: Place) {
        let before = self.kinds.get_mut(&place.kind).and_then(|objects| objects.remove(&place.object));
        if let Some(before) = before {
            self.revision += 1;
            self.tell(place, Some(before), None);
        }
    }

    fn tell(&mut self, place: Place, before: Option<Arc<Object>>, after: Option<Arc<Object>>) {
        self.log.push(Entry { revision: self.revision, kind: place.kind, id: place.object, before, after });
        self.bell.send_replace(self.revision);
    }

    fn next_version(&mut self, mut object: Object) -> Arc<Object> {
        self.revision += 1;
        object.set_meta("resourceVersion", self.revision.to_string());
        Arc::new(object)
    }

    /// The objects of a kind in order.
    pub(super) fn objects(&self, kind: &Kind) -> impl Iterator<Item = (&ObjectId, &Arc<Object>)> {
        self.kinds.get(&kind.resource).into_iter().flatten()
    }

    /// The objects of a kind as they were at a revision, in order, those after `start` only; `None` when it is forgotten.
    pub(super) fn objects_at(
        &self,
        kind: &Kind,
        revision: u64,
        start: &ObjectId,
    ) -> Option<BTreeMap<&ObjectId, &Arc<Object>>> {
        let from = (Bound::Excluded(start), Bound::Unbounded);
        let now = self.kinds.get(&kind.resource).into_iter().flat_map(|objects| objects.range(from));
        let mut objects: BTreeMap<_, _> = now.collect();
        // Backwards, so that what was there before the first write stays.
        for entry in self.log.since(revision)?.rev().filter(|entry| entry.kind == kind.resource && entry.id > *start) {
            match &entry.before {
                Some(before) => objects.insert(&entry.id, before),
                None => objects.remove(&entry.id),
            };
        }
        Some(objects)
    }
}
