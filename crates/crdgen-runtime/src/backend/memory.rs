//! A backend in this process: the semantics of the API server, no cluster.
//!
//! Objects are kept as JSON, by CRD, so that all versions of a kind share them. What an operation does is in `objects`, and
//! knows no types; this file puts types on it.

mod kind;
mod kinds;
mod log;
mod object;
mod objects;
mod owners;
mod page;
mod patch;
mod path;
mod scale;
mod selection;
mod store;
mod watch;
mod write;

#[cfg(feature = "crds")]
mod crds;

use std::future::ready;
use std::sync::Arc;

use futures_util::stream;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[cfg(feature = "crds")]
pub use self::crds::CrdError;
use self::kinds::Kinds;
use self::object::to_value;
pub use self::objects::{Objects, Remains};
use self::store::SharedStore;
use super::{
    Backend, Deleted, Error, JsonPatch, Key, ListQuery, Listed, Listing, MergePatch, Namespace, Preconditions, Remarks,
    Result, Scale, Watch, WatchQuery, WriteOptions,
};
use crate::{List, ListMeta, Resource, View, ViewList};

/// Objects of every kind, in memory. A clone is another handle on the same objects.
///
/// What a kind is, its type says. [`from_crds`](Self::from_crds) has it from CRDs instead.
#[derive(Clone, Debug, Default)]
pub struct MemoryBackend {
    store: SharedStore,
    kinds: Arc<Kinds>,
    options: WriteOptions,
}

impl MemoryBackend {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets what happened so far, but not what is there: whoever watches from an earlier version, or asks for the next
    /// page of an earlier list, has to begin again ([`Reason::Expired`](super::Reason::Expired)). API servers do so after
    /// some minutes; tests cannot wait.
    pub fn forget(&self) {
        self.store.write().forget();
    }

    fn of<K: Resource>(&self) -> Result<Objects> {
        let kind = self.kinds.of_type::<K>()?;
        Ok(Objects { store: self.store.clone(), kind, options: self.options.clone() })
    }
}

/// The object as its type. It was judged when it was stored, so a failure is ours (or that of another version, whose type it
/// does not fit).
fn typed<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(Error::internal)
}

/// Those that their type can hold; one that it cannot fails no list.
fn all_typed<T: DeserializeOwned>(values: Vec<Value>) -> Vec<T> {
    values.into_iter().filter_map(|value| typed(value).ok()).collect()
}

/// A list as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    api_version: &'a str,
    kind: &'a str,
    metadata: &'a ListMeta,
    items: &'a [Value],
}

impl<K: Resource> Backend<K> for MemoryBackend {
    async fn list(&self, namespace: Option<&Namespace>, query: &ListQuery) -> Result<List<K>> {
        let (objects, metadata) = self.of::<K>()?.list(namespace, query)?;
        Ok(List::new(all_typed(objects), metadata))
    }

    /// As it is stored: nothing is decoded.
    async fn listing(&self, namespace: Option<&Namespace>, query: &ListQuery) -> Result<Listed<K>> {
        let (items, metadata) = self.of::<K>()?.list(namespace, query)?;
        let list = Written { api_version: K::API_VERSION, kind: K::LIST_KIND, metadata: &metadata, items: &items };
        let json = serde_json::to_vec(&list).map_err(Error::internal)?;
        Ok(Listing::Body(Box::pin(stream::once(ready(Ok(json.into()))))))
    }

    async fn get(&self, key: &Key) -> Result<K> {
        typed(self.of::<K>()?.get(key)?)
    }

    async fn list_views<V: View<Of = K>>(
        &self,
        namespace: Option<&Namespace>,
        query: &ListQuery,
    ) -> Result<ViewList<V>> {
        let (objects, metadata) = self.of::<K>()?.list(namespace, query)?;
        Ok(ViewList::new(all_typed(objects), metadata))
    }

    async fn get_view<V: View<Of = K>>(&self, key: &Key) -> Result<V> {
        typed(self.of::<K>()?.get(key)?)
    }

    async fn watch(&self, namespace: Option<&Namespace>, query: &WatchQuery) -> Result<Watch<K>> {
        watch::begin(self.of::<K>()?, namespace, query, typed::<K>)
    }

    async fn watch_views<V: View<Of = K>>(
        &self,
        namespace: Option<&Namespace>,
        query: &WatchQuery,
    ) -> Result<Watch<V>> {
        watch::begin(self.of::<K>()?, namespace, query, typed::<V>)
    }

    async fn create(&self, namespace: Option<&Namespace>, object: &K) -> Result<K> {
        typed(self.of::<K>()?.create(namespace, to_value(object)?)?)
    }

    async fn replace(&self, key: &Key, object: &K, preconditions: &Preconditions) -> Result<K> {
        typed(self.of::<K>()?.replace(key, to_value(object)?, preconditions)?)
    }

    async fn patch(&self, key: &Key, patch: &MergePatch, preconditions: &Preconditions) -> Result<K> {
        typed(self.of::<K>()?.patch(key, patch, preconditions)?)
    }

    async fn delete(&self, key: &Key, preconditions: &Preconditions) -> Result<Deleted<K>> {
        Ok(match self.of::<K>()?.delete(key, preconditions)? {
            Remains::Gone(status) => Deleted::Gone(status),
            Remains::Marked(object) => Deleted::Marked(Box::new(typed(object)?)),
        })
    }

    async fn replace_status(&self, key: &Key, object: &K, preconditions: &Preconditions) -> Result<K> {
        typed(self.of::<K>()?.replace_status(key, to_value(object)?, preconditions)?)
    }

    async fn patch_status(&self, key: &Key, patch: &MergePatch, preconditions: &Preconditions) -> Result<K> {
        typed(self.of::<K>()?.patch_status(key, patch, preconditions)?)
    }

    async fn get_scale(&self, key: &Key) -> Result<Scale> {
        self.of::<K>()?.get_scale(key)
    }

    async fn replace_scale(&self, key: &Key, scale: &Scale, preconditions: &Preconditions) -> Result<Scale> {
        self.of::<K>()?.replace_scale(key, scale, preconditions)
    }

    async fn patch_scale(&self, key: &Key, patch: &MergePatch, preconditions: &Preconditions) -> Result<Scale> {
        self.of::<K>()?.patch_scale(key, patch, preconditions)
    }

    fn with_options(&self, options: &WriteOptions) -> Result<Self> {
        Ok(Self { options: options.clone(), ..self.clone() })
    }

    fn with_remarks(mut self, remarks: &Remarks) -> Self {
        self.options.remarks = Some(remarks.clone());
        self
    }

    async fn json_patch(&self, key: &Key, patch: &JsonPatch, preconditions: &Preconditions) -> Result<K> {
        typed(self.of::<K>()?.json_patch(key, patch, preconditions)?)
    }

    async fn json_patch_status(&self, key: &Key, patch: &JsonPatch, preconditions: &Preconditions) -> Result<K> {
        typed(self.of::<K>()?.json_patch_status(key, patch, preconditions)?)
    }

    async fn delete_collection(&self, namespace: Option<&Namespace>, query: &ListQuery) -> Result<List<K>> {
        let (objects, metadata) = self.of::<K>()?.delete_collection(namespace, query)?;
        Ok(List::new(all_typed(objects), metadata))
    }
}
