//! Backend that stores objects on an API server.

use std::sync::Arc;

use crdgen_backend::{
    self as backend, Apply, Backend, Deleted, Error, EventStream, JsonPatch, Key, ListQuery, ListResponse, MergePatch,
    Namespace, ObjectListResponse, Preconditions, Reason, Result, Scale, ViewListResponse, Watch, WatchQuery,
    WriteOptions, WriteReport,
};
use crdgen_core::{List, ObjectMeta, Resource, Scope, View, ViewList};
use futures_util::StreamExt;
use serde_json::Value;

use crate::place::{Part, Place};
use crate::write::{Applied, Patch};
use crate::{Api, Client, DecodeError, DeleteOptions, Page};

type Observer = dyn Fn(&DecodeError) + Send + Sync;

/// Backend that stores objects of any kind on an API server. A clone uses the same connection.
#[derive(Clone)]
pub struct KubeBackend {
    client: Client,
    options: WriteOptions,
    unreadable: Option<Arc<Observer>>,
}

impl KubeBackend {
    /// Creates a backend that uses `client`.
    pub fn new(client: Client) -> Self {
        Self { client, options: WriteOptions::default(), unreadable: None }
    }

    /// Returns a backend that calls `observer` for every object that cannot be decoded as its type. A list leaves such
    /// an object out. A service can log or count these objects.
    #[must_use]
    pub fn on_unreadable(mut self, observer: impl Fn(&DecodeError) + Send + Sync + 'static) -> Self {
        self.unreadable = Some(Arc::new(observer));
        self
    }

    fn all<K: Resource>(&self, namespace: Option<&Namespace>) -> Api<K> {
        let api = self.client.at(Place::of(namespace)).with_options(&self.options);
        match &self.options.report {
            Some(report) => api.collect_warnings(report.warnings()),
            None => api,
        }
    }

    /// Returns the API for the object with this key.
    ///
    /// # Errors
    ///
    /// Fails when the kind is namespaced and the key has no namespace.
    fn among<K: Resource>(&self, key: &Key) -> Result<Api<K>> {
        if K::SCOPE == Scope::Namespaced && key.namespace.is_none() {
            return Err(Error::new(Reason::BadRequest, "the kind is namespaced, and the request has no namespace"));
        }
        Ok(self.all(key.namespace.as_ref()))
    }

    /// Returns the items of a page that could be read, and reports the others to the observer.
    fn readable<T>(&self, page: Page<T>) -> (Vec<T>, crdgen_core::ListMeta) {
        if let Some(observer) = &self.unreadable {
            page.unreadable.iter().for_each(|unreadable| observer(unreadable));
        }
        (page.items, page.metadata)
    }

    fn deletion(&self, preconditions: Preconditions) -> DeleteOptions {
        let WriteOptions { propagation, grace_period_seconds, .. } = self.options;
        DeleteOptions { preconditions, propagation, grace_period_seconds }
    }

    async fn put<K: Resource>(&self, part: Part, key: &Key, object: &K, preconditions: &Preconditions) -> Result<K> {
        let mut object = serde_json::to_value(object).map_err(Error::internal)?;
        identify(&mut object, key);
        demand(&mut object, preconditions);
        self.among::<K>(key)?.put(&key.name, part, &object).await.map_err(|error| refused(error, preconditions))
    }

    async fn merge<K: Resource, O: serde::de::DeserializeOwned>(
        &self,
        part: Part,
        key: &Key,
        patch: &MergePatch,
        preconditions: &Preconditions,
    ) -> Result<O> {
        let mut patch = patch.clone();
        demand(patch.as_value_mut(), preconditions);
        let api = self.among::<K>(key)?;
        let patched = api.patch_part(&key.name, part, Patch::Merge(&patch)).await;
        patched.map_err(|error| refused(error, preconditions))
    }

    async fn step<K: Resource>(
        &self,
        part: Part,
        key: &Key,
        patch: &JsonPatch,
        preconditions: &Preconditions,
    ) -> Result<K> {
        let mut steps = tests(preconditions);
        let demanded = !steps.is_empty();
        steps.extend(patch.steps().iter().cloned());
        let patched = self.among::<K>(key)?.patch_part(&key.name, part, Patch::Json(&steps.into())).await;
        match patched {
            // The server does not say which step failed. Only a failed test of a precondition is a missed precondition,
            // so the current object is compared with the preconditions.
            Err(crate::Error::Invalid(refusal)) if demanded && refusal.causes.is_empty() => {
                let current = self.among::<K>(key)?.metadata().get(&key.name).await?;
                match holds(&current.metadata, preconditions) {
                    true => Err(crate::Error::Invalid(refusal).into()),
                    false => Err(missed::<K>(key)),
                }
            }
            patched => patched.map_err(|error| refused(error, preconditions)),
        }
    }
}

impl<K: Resource> Backend<K> for KubeBackend {
    async fn list(&self, namespace: Option<&Namespace>, query: &ListQuery) -> Result<List<K>> {
        let (items, metadata) = self.readable(self.all::<K>(namespace).list(query).await?);
        Ok(List::new(items, metadata))
    }

    async fn get(&self, key: &Key) -> Result<K> {
        Ok(self.among::<K>(key)?.get(&key.name).await?)
    }

    async fn list_views<V: View<Of = K>>(
        &self,
        namespace: Option<&Namespace>,
        query: &ListQuery,
    ) -> Result<ViewList<V>> {
        let (items, metadata) = self.readable(self.all::<K>(namespace).views::<V>().list(query).await?);
        Ok(ViewList::new(items, metadata))
    }

    async fn get_view<V: View<Of = K>>(&self, key: &Key) -> Result<V> {
        Ok(self.among::<K>(key)?.views::<V>().get(&key.name).await?)
    }

    async fn list_response(&self, namespace: Option<&Namespace>, query: &ListQuery) -> Result<ObjectListResponse<K>> {
        let pieces = self.all::<K>(namespace).list_body(query).await?;
        Ok(ListResponse::Body(Box::pin(pieces.map(|piece| Ok(piece?)))))
    }

    async fn view_list_response<V: View<Of = K>>(
        &self,
        namespace: Option<&Namespace>,
        query: &ListQuery,
    ) -> Result<ViewListResponse<V>> {
        let pieces = self.all::<K>(namespace).view_list_body::<V>(query).await?;
        Ok(ListResponse::Body(Box::pin(pieces.map(|piece| Ok(piece?)))))
    }

    async fn create(&self, namespace: Option<&Namespace>, object: &K) -> Result<K> {
        Ok(self.all::<K>(namespace).create(object).await?)
    }

    async fn replace(&self, key: &Key, object: &K, preconditions: &Preconditions) -> Result<K> {
        self.put(Part::Main, key, object, preconditions).await
    }

    async fn patch(&self, key: &Key, patch: &MergePatch, preconditions: &Preconditions) -> Result<K> {
        self.merge::<K, K>(Part::Main, key, patch, preconditions).await
    }

    async fn delete(&self, key: &Key, preconditions: &Preconditions) -> Result<Deleted<K>> {
        let options = self.deletion(preconditions.clone());
        let deleted = self.among::<K>(key)?.delete(&key.name, &options).await;
        deleted.map_err(|error| refused(error, preconditions))
    }

    async fn replace_status(&self, key: &Key, object: &K, preconditions: &Preconditions) -> Result<K> {
        self.put(Part::Status, key, object, preconditions).await
    }

    async fn patch_status(&self, key: &Key, patch: &MergePatch, preconditions: &Preconditions) -> Result<K> {
        self.merge::<K, K>(Part::Status, key, patch, preconditions).await
    }

    async fn get_scale(&self, key: &Key) -> Result<Scale> {
        Ok(self.among::<K>(key)?.get_part(&key.name, Part::Scale).await?)
    }

    async fn replace_scale(&self, key: &Key, scale: &Scale, preconditions: &Preconditions) -> Result<Scale> {
        let mut scale = serde_json::to_value(scale).map_err(Error::internal)?;
        identify(&mut scale, key);
        demand(&mut scale, preconditions);
        let replaced = self.among::<K>(key)?.put(&key.name, Part::Scale, &scale).await;
        replaced.map_err(|error| refused(error, preconditions))
    }

    async fn patch_scale(&self, key: &Key, patch: &MergePatch, preconditions: &Preconditions) -> Result<Scale> {
        self.merge::<K, Scale>(Part::Scale, key, patch, preconditions).await
    }

    fn with_options(&self, options: &WriteOptions) -> Result<Self> {
        Ok(Self { options: options.clone(), ..self.clone() })
    }

    fn with_report(mut self, report: &WriteReport) -> Self {
        self.options.report = Some(report.clone());
        self
    }

    async fn json_patch(&self, key: &Key, patch: &JsonPatch, preconditions: &Preconditions) -> Result<K> {
        self.step(Part::Main, key, patch, preconditions).await
    }

    async fn json_patch_status(&self, key: &Key, patch: &JsonPatch, preconditions: &Preconditions) -> Result<K> {
        self.step(Part::Status, key, patch, preconditions).await
    }

    async fn apply(&self, key: &Key, apply: &Apply) -> Result<K> {
        let (applied, object) = self.among::<K>(key)?.apply_or_create(&key.name, apply).await?;
        if let (Applied::Created, Some(report)) = (applied, &self.options.report) {
            report.set_created();
        }
        Ok(object)
    }

    async fn apply_status(&self, key: &Key, apply: &Apply) -> Result<K> {
        Ok(self.among::<K>(key)?.patch_part(&key.name, Part::Status, Patch::Apply(apply)).await?)
    }

    async fn delete_collection(&self, namespace: Option<&Namespace>, query: &ListQuery) -> Result<List<K>> {
        let deleted =
            self.all::<K>(namespace).delete_collection(query, &self.deletion(Preconditions::default())).await?;
        let (items, metadata) = self.readable(deleted);
        Ok(List::new(items, metadata))
    }

    async fn watch(&self, namespace: Option<&Namespace>, query: &WatchQuery) -> Result<Watch<K>> {
        Ok(Box::pin(self.all::<K>(namespace).watch(query).map(|event| Ok(event?))))
    }

    /// Passes the JSON of the API server on. Nothing is decoded.
    async fn event_stream(&self, namespace: Option<&Namespace>, query: &WatchQuery) -> Result<EventStream<K>> {
        let events = self.all::<K>(namespace).watch_encoded(query).map(|event| Ok(event?));
        Ok(EventStream::Encoded(Box::pin(events)))
    }

    async fn watch_views<V: View<Of = K>>(
        &self,
        namespace: Option<&Namespace>,
        query: &WatchQuery,
    ) -> Result<Watch<V>> {
        Ok(Box::pin(self.all::<K>(namespace).views::<V>().watch(query).map(|event| Ok(event?))))
    }
}

/// Adds the name and namespace of the key to a body that lacks them, since the server requires them.
fn identify(object: &mut Value, key: &Key) {
    let metadata = &mut object["metadata"];
    let namespace = key.namespace.as_ref().map(|namespace| ("namespace", namespace.as_str()));
    for (field, text) in [("name", key.name.as_str())].into_iter().chain(namespace) {
        if metadata[field].is_null() {
            metadata[field] = text.into();
        }
    }
}

/// Adds the preconditions to the body. The server then accepts the write only for an object with this version and uid.
fn demand(body: &mut Value, preconditions: &Preconditions) {
    for (field, wanted) in preconditions.named() {
        body["metadata"][field] = wanted.into();
    }
}

/// Returns the steps of a JSON patch that test the preconditions.
fn tests(preconditions: &Preconditions) -> Vec<backend::JsonPatchStep> {
    let Preconditions { uid, resource_version } = preconditions;
    let wanted = [("/metadata/uid", uid), ("/metadata/resourceVersion", resource_version)];
    let wanted = wanted.into_iter().filter_map(|(path, wanted)| Some((path, wanted.as_deref()?)));
    wanted.map(|(path, wanted)| backend::JsonPatchStep::Test { path: path.to_owned(), value: wanted.into() }).collect()
}

fn holds(metadata: &ObjectMeta, preconditions: &Preconditions) -> bool {
    let Preconditions { uid, resource_version } = preconditions;
    let is = |wanted: &Option<String>, found: &Option<String>| wanted.is_none() || wanted == found;
    is(uid, &metadata.uid) && is(resource_version, &metadata.resource_version)
}

fn missed<K: Resource>(key: &Key) -> Error {
    let mut error = Error::conflict::<K>(&key.name);
    error.reason = Reason::PreconditionFailed;
    error
}

/// Converts an error of the client. A conflict is a missed precondition when the caller named preconditions.
fn refused(error: crate::Error, preconditions: &Preconditions) -> Error {
    let asked = *preconditions != Preconditions::default();
    let stale = match &error {
        crate::Error::Conflict(_) => true,
        // A server says that a merge patch with another uid would change the uid.
        crate::Error::Invalid(refusal) => refusal.causes.iter().any(|cause| cause.field == "metadata.uid"),
        _ => false,
    };
    let mut error = Error::from(error);
    if asked && stale {
        error.reason = Reason::PreconditionFailed;
    }
    error
}
