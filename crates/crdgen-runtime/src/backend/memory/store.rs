//! Objects in order, and the revision that every write raises.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Bound;

use super::object::Object;
use crate::Resource;
use crate::backend::Key;

/// Every object of every kind.
#[derive(Debug, Default)]
pub(super) struct Store {
    revision: u64,
    kinds: BTreeMap<KindId, BTreeMap<ObjectId, Object>>,
}

type KindId = (&'static str, &'static str);

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

fn kind_id<K: Resource>() -> KindId {
    (K::GROUP, K::PLURAL)
}

impl Store {
    /// The revision of the last write.
    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    pub(super) fn get(&self, place: &Place) -> Option<&Object> {
        self.kinds.get(&place.kind)?.get(&place.object)
    }

    /// Stores an object at a new revision.
    pub(super) fn put(&mut self, place: Place, mut object: Object) -> &Object {
        self.revision += 1;
        object.set_meta("resourceVersion", self.revision.to_string());
        match self.kinds.entry(place.kind).or_default().entry(place.object) {
            Entry::Vacant(entry) => entry.insert(object),
            Entry::Occupied(mut entry) => {
                entry.insert(object);
                entry.into_mut()
            }
        }
    }

    pub(super) fn remove(&mut self, place: &Place) {
        self.revision += 1;
        if let Some(objects) = self.kinds.get_mut(&place.kind) {
            objects.remove(&place.object);
        }
    }

    /// The objects of a kind in order, those after `start` only.
    pub(super) fn after<K: Resource>(&self, start: Option<&ObjectId>) -> impl Iterator<Item = (&ObjectId, &Object)> {
        let from = start.map_or(Bound::Unbounded, Bound::Excluded);
        let objects = self.kinds.get(&kind_id::<K>());
        objects.into_iter().flat_map(move |objects| objects.range((from, Bound::Unbounded)))
    }
}
