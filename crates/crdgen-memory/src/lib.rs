//! In-memory backend with the semantics of an API server. No cluster is needed.
//!
//! Objects are kept as JSON, by kind, so that all versions of a kind share them. The operations are in `objects` and do
//! not use Rust types. This module adds the types, and moves long work off the threads that answer requests.

mod decoding;
mod kind;
mod kinds;
mod limits;
mod listing;
mod log;
mod object;
mod objects;
mod owners;
mod page;
mod patch;
mod path;
mod place;
mod reported_object;
mod scale;
mod selection;
mod snapshot;
mod store;
mod stored;
mod views;
mod watch;
mod write;

#[cfg(feature = "crds")]
mod crds;

use std::sync::Arc;

use crdgen_backend::{
    Backend, Deleted, Error, EventStream, JsonPatch, Key, ListQuery, ListResponse, MergePatch, Namespace,
    ObjectListResponse, Preconditions, Reason, Result, Scale, ViewListResponse, Watch, WatchQuery, WriteOptions,
    WriteReport, work,
};
use crdgen_core::{List, ListMeta, Resource, View, ViewList, json};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[cfg(feature = "crds")]
pub use self::crds::CrdError;
use self::kinds::Kinds;
pub use self::limits::Limits;
pub use self::objects::{DeleteOutcome, Objects};
use self::page::Page;
use self::store::SharedStore;
use self::stored::Stored;

/// Backend that keeps objects of any kind in memory. A clone uses the same objects.
///
/// The kinds are taken from their types. A store created with `from_crds` takes them from CRDs
/// instead.
///
/// The memory that the store uses is bounded: see [`Limits`].
#[derive(Clone, Debug, Default)]
pub struct MemoryBackend {
    store: SharedStore,
    kinds: Arc<Kinds>,
    options: WriteOptions,
}

impl MemoryBackend {
    /// Creates an empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the limits of the store, for all clones of this backend. Objects that are already stored stay.
    ///
    /// ```
    /// use crdgen_runtime::backend::memory::{Limits, MemoryBackend};
    ///
    /// let backend = MemoryBackend::new().with_limits(Limits { store_bytes: 16 << 20, ..Limits::default() });
    /// ```
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        self.store.write().limit(limits);
        self
    }

    /// Drops the history of changes and keeps the objects. Watches from an earlier version, and next pages of an
    /// earlier list, then fail with [`Reason::Expired`].
    ///
    /// An API server drops its history after some minutes. Tests can call this method instead of waiting.
    pub fn forget(&self) {
        self.store.write().forget();
    }

    fn of<K: Resource>(&self) -> Result<Objects> {
        let kind = self.kinds.of_type::<K>()?;
        Ok(Objects { store: self.store.clone(), kind, options: self.options.clone() })
    }

    /// Runs a write of an object that the caller sent.
    async fn send<K: Resource>(
        &self,
        object: &K,
        write: impl FnOnce(&Objects, Value) -> Result<Value> + Send + 'static,
    ) -> Result<K> {
        let objects = self.of::<K>()?;
        let sent = serde_json::to_vec(object).map_err(Error::internal)?;
        let malformed = |error| Error::new(Reason::BadRequest, format!("the object cannot be read: {error}"));
        let bytes = sent.len();
        work::run(bytes, move || typed(write(&objects, json::from_slice(&sent).map_err(malformed)?)?)).await
    }

    /// Runs a change of a stored object. `write` returns the answer to the caller.
    async fn change<K: Resource, T: Send + 'static>(
        &self,
        key: &Key,
        sent: &impl Serialize,
        write: impl FnOnce(&Objects, &Key) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (objects, key) = (self.of::<K>()?, key.clone());
        let stored = objects.stored(&key).map_or(0, |object| object.len());
        let bytes = stored + json::size_up_to(sent, work::SMALL + 1);
        work::run(bytes, move || write(&objects, &key)).await
    }

    /// Returns an object, decoded as `T`.
    async fn read<K: Resource, T: DeserializeOwned + Send + 'static>(&self, key: &Key) -> Result<T> {
        let objects = self.of::<K>()?;
        let stored = objects.stored(key)?;
        work::run(stored.len(), move || stored.decode(&objects.kind)).await
    }

    /// Returns a page of objects, decoded as `T`. Leaves out objects that `T` cannot hold.
    async fn read_all<K: Resource, T: DeserializeOwned + Send + 'static>(
        &self,
        namespace: Option<&Namespace>,
        query: &ListQuery,
    ) -> Result<(Vec<T>, ListMeta)> {
        let objects = self.of::<K>()?;
        let page = self.page(&objects, namespace, query).await?;
        let bytes = page.objects.iter().map(|object| object.len()).sum();
        let decode = move |object: Arc<Stored>| object.decode(&objects.kind).ok();
        let decoded = work::run(bytes, move || page.objects.into_iter().filter_map(decode).collect()).await;
        Ok((decoded, page.metadata))
    }

    async fn page(&self, objects: &Objects, namespace: Option<&Namespace>, query: &ListQuery) -> Result<Page> {
        /// Approximate number of bytes read of an object to decide whether it is selected.
        const LOOK: usize = 128;

        let selection = objects.selection(namespace, query)?;
        let looks = if selection.is_whole() { 0 } else { self.store.read().count(&objects.kind) };
        let (objects, query) = (objects.clone(), query.clone());
        work::run(looks * LOOK, move || objects.page(&selection, &query)).await
    }
}

/// Decodes an object as its type. The object was validated when it was stored, so a failure is an internal error: a
/// bug, or an object of another version that does not fit the type.
fn typed<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(Error::internal)
}

/// Decodes objects as their type. Leaves out objects that the type cannot hold.
fn all_typed<T: DeserializeOwned>(values: Vec<Value>) -> Vec<T> {
    values.into_iter().filter_map(|value| typed(value).ok()).collect()
}

impl<K: Resource> Backend<K> for MemoryBackend {
    async fn list(&self, namespace: Option<&Namespace>, query: &ListQuery) -> Result<List<K>> {
        let (objects, metadata) = self.read_all::<K, _>(namespace, query).await?;
        Ok(List::new(objects, metadata))
    }

    /// Returns the stored JSON without decoding it.
    async fn list_response(&self, namespace: Option<&Namespace>, query: &ListQuery) -> Result<ObjectListResponse<K>> {
        let objects = self.of::<K>()?;
        let page = self.page(&objects, namespace, query).await?;
        let selection = objects.selection(namespace, query)?;
        Ok(ListResponse::Body(listing::objects::<K>(&self.store, &selection, page)?))
    }

    async fn view_list_response<V: View<Of = K>>(
        &self,
        namespace: Option<&Namespace>,
        query: &ListQuery,
    ) -> Result<ViewListResponse<V>> {
        let objects = self.of::<K>()?;
        let page = self.page(&objects, namespace, query).await?;
        let selection = objects.selection(namespace, query)?;
        Ok(ListResponse::Body(listing::views::<V>(&self.store, &selection, page)?))
    }

    async fn get(&self, key: &Key) -> Result<K> {
        self.read::<K, K>(key).await
    }

    async fn list_views<V: View<Of = K>>(
        &self,
        namespace: Option<&Namespace>,
        query: &ListQuery,
    ) -> Result<ViewList<V>> {
        let (views, metadata) = self.read_all::<K, _>(namespace, query).await?;
        Ok(ViewList::new(views, metadata))
    }

    async fn get_view<V: View<Of = K>>(&self, key: &Key) -> Result<V> {
        self.read::<K, V>(key).await
    }

    async fn watch(&self, namespace: Option<&Namespace>, query: &WatchQuery) -> Result<Watch<K>> {
        watch::decoded(self.of::<K>()?, namespace, query)
    }

    async fn watch_views<V: View<Of = K>>(
        &self,
        namespace: Option<&Namespace>,
        query: &WatchQuery,
    ) -> Result<Watch<V>> {
        watch::decoded(self.of::<K>()?, namespace, query)
    }

    /// Returns the stored JSON without decoding it. All watches share the JSON.
    async fn event_stream(&self, namespace: Option<&Namespace>, query: &WatchQuery) -> Result<EventStream<K>> {
        Ok(EventStream::Encoded(watch::encoded(self.of::<K>()?, namespace, query)?))
    }

    /// Returns the JSON of views. Watches of one view share the JSON of each change.
    async fn view_event_stream<V: View<Of = K>>(
        &self,
        namespace: Option<&Namespace>,
        query: &WatchQuery,
    ) -> Result<EventStream<V>> {
        Ok(EventStream::Encoded(watch::encoded_views::<V>(self.of::<K>()?, namespace, query)?))
    }

    async fn create(&self, namespace: Option<&Namespace>, object: &K) -> Result<K> {
        let namespace = namespace.cloned();
        self.send(object, move |objects, object| objects.create(namespace.as_ref(), object)).await
    }

    async fn replace(&self, key: &Key, object: &K, preconditions: &Preconditions) -> Result<K> {
        let (key, preconditions) = (key.clone(), preconditions.clone());
        self.send(object, move |objects, object| objects.replace(&key, object, &preconditions)).await
    }

    async fn patch(&self, key: &Key, patch: &MergePatch, preconditions: &Preconditions) -> Result<K> {
        let (sent, preconditions) = (patch.clone(), preconditions.clone());
        self.change::<K, K>(key, patch.as_value(), move |objects, key| {
            typed(objects.patch(key, &sent, &preconditions)?)
        })
        .await
    }

    async fn delete(&self, key: &Key, preconditions: &Preconditions) -> Result<Deleted<K>> {
        let preconditions = preconditions.clone();
        self.change::<K, _>(key, &(), move |objects, key| {
            Ok(match objects.delete(key, &preconditions)? {
                DeleteOutcome::Removed(status) => Deleted::Removed(status),
                DeleteOutcome::Terminating(object) => Deleted::Terminating(Box::new(typed(object)?)),
            })
        })
        .await
    }

    async fn replace_status(&self, key: &Key, object: &K, preconditions: &Preconditions) -> Result<K> {
        let (key, preconditions) = (key.clone(), preconditions.clone());
        self.send(object, move |objects, object| objects.replace_status(&key, object, &preconditions)).await
    }

    async fn patch_status(&self, key: &Key, patch: &MergePatch, preconditions: &Preconditions) -> Result<K> {
        let (sent, preconditions) = (patch.clone(), preconditions.clone());
        self.change::<K, K>(key, patch.as_value(), move |objects, key| {
            typed(objects.patch_status(key, &sent, &preconditions)?)
        })
        .await
    }

    async fn get_scale(&self, key: &Key) -> Result<Scale> {
        self.change::<K, _>(key, &(), |objects, key| objects.get_scale(key)).await
    }

    async fn replace_scale(&self, key: &Key, scale: &Scale, preconditions: &Preconditions) -> Result<Scale> {
        let (sent, preconditions) = (scale.clone(), preconditions.clone());
        self.change::<K, _>(key, scale, move |objects, key| objects.replace_scale(key, &sent, &preconditions)).await
    }

    async fn patch_scale(&self, key: &Key, patch: &MergePatch, preconditions: &Preconditions) -> Result<Scale> {
        let (sent, preconditions) = (patch.clone(), preconditions.clone());
        self.change::<K, _>(key, patch.as_value(), move |objects, key| objects.patch_scale(key, &sent, &preconditions))
            .await
    }

    fn with_options(&self, options: &WriteOptions) -> Result<Self> {
        Ok(Self { options: options.clone(), ..self.clone() })
    }

    fn with_report(mut self, report: &WriteReport) -> Self {
        self.options.report = Some(report.clone());
        self
    }

    async fn json_patch(&self, key: &Key, patch: &JsonPatch, preconditions: &Preconditions) -> Result<K> {
        let (sent, preconditions) = (patch.clone(), preconditions.clone());
        self.change::<K, K>(key, patch, move |objects, key| typed(objects.json_patch(key, &sent, &preconditions)?))
            .await
    }

    async fn json_patch_status(&self, key: &Key, patch: &JsonPatch, preconditions: &Preconditions) -> Result<K> {
        let (sent, preconditions) = (patch.clone(), preconditions.clone());
        self.change::<K, K>(key, patch, move |objects, key| {
            typed(objects.json_patch_status(key, &sent, &preconditions)?)
        })
        .await
    }

    async fn delete_collection(&self, namespace: Option<&Namespace>, query: &ListQuery) -> Result<List<K>> {
        let objects = self.of::<K>()?;
        let page = self.page(&objects, namespace, query).await?;
        let bytes = page.objects.iter().map(|object| object.len()).sum();
        let (gone, metadata) = work::run(bytes, move || objects.delete_page(page)).await?;
        Ok(List::new(all_typed(gone), metadata))
    }
}

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
