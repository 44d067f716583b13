//! Objects in order, and the revision that every write raises.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use tokio::sync::watch;

use super::log::{Entry, Log};
use super::object::Object;
use crate::Resource;
use crate::backend::Key;

/// Every object of every kind.
#[derive(Debug, Default)]
pub(super) struct Store {
    revision: u64,
    kinds: BTreeMap<KindId, BTreeMap<ObjectId, Arc<Object>>>,
    log: Log,
    /// Rings when there is a new revision.
    bell: watch::Sender<u64>,
}

/// Group and plural.
pub(super) type KindId = (&'static str, &'static str);

/// Namespace (empty for a cluster-scoped kind) and name: the order of lists.
pub(super) type ObjectId = (String, String);

/// Where an object is in the store.
pub(super) struct Place {
    kind: KindId,
    object: ObjectId,
}

impl Place {
    /// Versions of a kind share its objects, so the version is not part of the place.
    pub(super) fn of<K: Resource>(key: &Key) -> Self {
        let namespace = key.namespace.as_ref().map(|namespace| namespace.to_string());
        Self { kind: kind_id::<K>(), object: (namespace.unwrap_or_default(), key.name.to_string()) }
    }
}

/// The kind's place.
pub(super) fn kind_id<K: Resource>() -> KindId {
    (K::GROUP, K::PLURAL)
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

    pub(super) fn get(&self, place: &Place) -> Option<&Object> {
        self.kinds.get(&place.kind)?.get(&place.object).map(Arc::as_ref)
    }

    /// Stores an object at a new revision.
    pub(super) fn put(&mut self, place: Place, object: Object) -> Arc<Object> {
        let after = self.next_version(object);
        let before = self.kinds.entry(place.kind).or_default().insert(place.object.clone(), after.clone());
        self.tell(place, before, Some(after.clone()));
        after
    }

    /// Removes an object; its last state gets the revision at which it went.
    pub(super) fn remove(&mut self, place: Place, last: Object) -> Arc<Object> {
        let last = self.next_version(last);
        if let Some(objects) = self.kinds.get_mut(&place.kind) {
            objects.remove(&place.object);
        }
        self.tell(place, Some(last.clone()), None);
        last
    }

    fn next_version(&mut self, mut object: Object) -> Arc<Object> {
        self.revision += 1;
        object.set_meta("resourceVersion", self.revision.to_string());
        Arc::new(object)
    }

    fn tell(&mut self, place: Place, before: Option<Arc<Object>>, after: Option<Arc<Object>>) {
        self.log.push(Entry { revision: self.revision, kind: place.kind, id: place.object, before, after });
        self.bell.send_replace(self.revision);
    }

    /// The objects of a kind in order, those after `start` only.
    pub(super) fn after<K: Resource>(
        &self,
        start: Option<&ObjectId>,
    ) -> impl Iterator<Item = (&ObjectId, &Arc<Object>)> {
        let from = start.map_or(Bound::Unbounded, Bound::Excluded);
        let objects = self.kinds.get(&kind_id::<K>());
        objects.into_iter().flat_map(move |objects| objects.range((from, Bound::Unbounded)))
    }
}
