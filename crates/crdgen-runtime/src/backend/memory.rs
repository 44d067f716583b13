//! A backend in this process: the semantics of the API server, no cluster.
//!
//! Objects are kept as JSON, by group and plural, so that all versions of a kind share them. What a write does to an object
//! is in `object` and `write`; this file ties the operations to the store.

mod log;
mod object;
mod page;
mod path;
mod scale;
mod selection;
mod store;
mod watch;
mod write;

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use serde_json::Value;

use self::object::Object;
use self::store::{Place, Store};
use self::write::Part;
use super::{
    Backend, Deleted, Error, Key, ListQuery, MergePatch, Namespace, Preconditions, Result, Scale, Status, Watch,
    WatchQuery,
};
use crate::validation::{self, Admissions};
use crate::{List, Resource, View, ViewList};

/// Objects of every kind, in memory. A clone is another handle on the same objects.
#[derive(Clone, Debug)]
pub struct MemoryBackend {
    store: Arc<RwLock<Store>>,
    admissions: Arc<Admissions>,
}

impl Default for MemoryBackend {
    fn default() -> Self {
        Self { store: Arc::default(), admissions: Arc::new(Admissions::of_what_is_stored()) }
    }
}

impl MemoryBackend {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn read(&self) -> RwLockReadGuard<'_, Store> {
        // A panic elsewhere leaves no half-done write: the store changes in one step, at the end.
        self.store.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Store> {
        self.store.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads an object, lets `change` make its successor from it, and stores that. The lock is held throughout.
    fn update<K: Resource>(
        &self,
        key: &Key,
        preconditions: &Preconditions,
        change: impl FnOnce(&Object) -> Result<Object>,
    ) -> Result<Object> {
        let mut store = self.write();
        let place = Place::of::<K>(key);
        let current = store.get(&place).ok_or_else(|| Error::not_found::<K>(&key.name))?;
        write::check_preconditions::<K>(current, preconditions, &key.name)?;
        let next = change(current)?;
        if next == *current {
            return Ok(next);
        }
        let stored = if next.is_finished() { store.remove(place, next) } else { store.put(place, next) };
        Ok(Object::clone(&stored))
    }

    /// The successor of an object, as a server stores it.
    fn succeed<K: Resource>(&self, part: Part, current: &Object, next: Object) -> Result<Object> {
        let mut next = self.admitted::<K>(write::successor(part, current, next), Some(current))?;
        write::count(part, current, &mut next);
        Ok(next)
    }

    /// What the kind's schema makes of an object that is to be stored.
    fn admitted<K: Resource>(&self, object: Object, current: Option<&Object>) -> Result<Object> {
        let mut value = object.into_value::<K>();
        let current = current.map(|current| current.clone().into_value::<K>());
        let verdict = self.admissions.get::<K>().admit(&mut value, current.as_ref());
        let name = value.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
        validation::refused::<K>(name, verdict)?;
        Object::checked::<K>(value)
    }

    fn replace_part<K: Resource>(&self, part: Part, key: &Key, object: &K, preconditions: &Preconditions) -> Result<K> {
        let stored = self.update::<K>(key, preconditions, |current| {
            let mut next = Object::of(object)?;
            write::adopt(&mut next, key)?;
            write::check_version::<K>(current, &next, preconditions, &key.name)?;
            self.succeed::<K>(part, current, next)
        })?;
        stored.into_typed()
    }

    fn patch_part<K: Resource>(
        &self,
        part: Part,
        key: &Key,
        patch: &MergePatch,
        preconditions: &Preconditions,
    ) -> Result<K> {
        let stored = self.update::<K>(key, preconditions, |current| {
            let mut next = current.patched::<K>(patch)?;
            write::adopt(&mut next, key)?;
            write::check_identity::<K>(current, &next, &key.name)?;
            self.succeed::<K>(part, current, next)
        })?;
        stored.into_typed()
    }
}

impl<K: Resource> Backend<K> for MemoryBackend {
    async fn list(&self, namespace: Option<&Namespace>, query: &ListQuery) -> Result<List<K>> {
        let (objects, metadata) = page::select::<K>(&self.read(), namespace, query)?;
        Ok(List::new(objects.into_iter().map(Object::into_typed).collect::<Result<_>>()?, metadata))
    }

    async fn get(&self, key: &Key) -> Result<K> {
        let found = self.read().get(&Place::of::<K>(key)).cloned();
        found.ok_or_else(|| Error::not_found::<K>(&key.name))?.into_typed()
    }

    async fn list_views<V: View<Of = K>>(
        &self,
        namespace: Option<&Namespace>,
        query: &ListQuery,
    ) -> Result<ViewList<V>> {
        let (objects, metadata) = page::select::<K>(&self.read(), namespace, query)?;
        Ok(ViewList::new(objects.into_iter().map(Object::into_view).collect::<Result<_>>()?, metadata))
    }

    async fn get_view<V: View<Of = K>>(&self, key: &Key) -> Result<V> {
        let found = self.read().get(&Place::of::<K>(key)).cloned();
        found.ok_or_else(|| Error::not_found::<K>(&key.name))?.into_view()
    }

    async fn watch(&self, namespace: Option<&Namespace>, query: &WatchQuery) -> Result<Watch<K>> {
        watch::begin::<K, K>(self, namespace, query, Object::into_typed)
    }

    async fn watch_views<V: View<Of = K>>(
        &self,
        namespace: Option<&Namespace>,
        query: &WatchQuery,
    ) -> Result<Watch<V>> {
        watch::begin::<K, V>(self, namespace, query, Object::into_view)
    }

    async fn create(&self, namespace: Option<&Namespace>, object: &K) -> Result<K> {
        let mut object = Object::of(object)?;
        let mut store = self.write();
        let key = write::initial::<K>(&mut object, namespace, |key| store.get(&Place::of::<K>(key)).is_some())?;
        let place = Place::of::<K>(&key);
        if store.get(&place).is_some() {
            return Err(Error::already_exists::<K>(&key.name));
        }
        let object = self.admitted::<K>(object, None)?;
        Object::clone(&store.put(place, object)).into_typed()
    }

    async fn replace(&self, key: &Key, object: &K, preconditions: &Preconditions) -> Result<K> {
        self.replace_part(Part::of_main::<K>(), key, object, preconditions)
    }

    async fn patch(&self, key: &Key, patch: &MergePatch, preconditions: &Preconditions) -> Result<K> {
        self.patch_part(Part::of_main::<K>(), key, patch, preconditions)
    }

    async fn delete(&self, key: &Key, preconditions: &Preconditions) -> Result<Deleted<K>> {
        let last = self.update::<K>(key, preconditions, |current| Ok(write::marked(current)))?;
        if last.is_finished() {
            let uid = last.meta("uid").unwrap_or_default();
            return Ok(Deleted::Gone(Status::success::<K>(key.name.as_str(), uid)));
        }
        Ok(Deleted::Marked(Box::new(last.into_typed()?)))
    }

    async fn replace_status(&self, key: &Key, object: &K, preconditions: &Preconditions) -> Result<K> {
        self.replace_part(Part::of_status::<K>(&key.name)?, key, object, preconditions)
    }

    async fn patch_status(&self, key: &Key, patch: &MergePatch, preconditions: &Preconditions) -> Result<K> {
        self.patch_part(Part::of_status::<K>(&key.name)?, key, patch, preconditions)
    }

    async fn get_scale(&self, key: &Key) -> Result<Scale> {
        let found = self.read().get(&Place::of::<K>(key)).cloned();
        scale::of::<K>(&found.ok_or_else(|| Error::not_found::<K>(&key.name))?)
    }

    async fn replace_scale(&self, key: &Key, scale: &Scale, preconditions: &Preconditions) -> Result<Scale> {
        let stored = self.update::<K>(key, preconditions, |current| {
            self.succeed::<K>(Part::of_main::<K>(), current, scale::scaled::<K>(current, key, scale)?)
        })?;
        scale::of::<K>(&stored)
    }

    async fn patch_scale(&self, key: &Key, patch: &MergePatch, preconditions: &Preconditions) -> Result<Scale> {
        let stored = self.update::<K>(key, preconditions, |current| {
            let patched = scale::patched::<K>(current, patch, &key.name)?;
            self.succeed::<K>(Part::of_main::<K>(), current, scale::scaled::<K>(current, key, &patched)?)
        })?;
        scale::of::<K>(&stored)
    }
}
