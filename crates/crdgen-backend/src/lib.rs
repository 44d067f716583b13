//! Trait [`Backend`] for stores of objects, with its requests and answers. The generated API stores objects through
//! this trait. The trait does not depend on HTTP.
//!
//! A backend behaves like a Kubernetes API server for custom resources. The methods for reads and writes are async, and
//! their futures are `Send`.

mod apply;
#[cfg(feature = "encryption")]
pub mod encryption;
mod error;
mod event;
mod field_selector;
mod json_patch;
mod label_selector;
mod list_response;
mod name;
mod options;
mod outcome;
mod patch;
#[doc(hidden)]
pub mod pieces;
mod query;
mod scale;
#[cfg(feature = "validation")]
pub mod validation;
#[cfg(feature = "work")]
#[doc(hidden)]
pub mod work;
mod write_report;

pub use apply::{Apply, ConflictResolution};
#[cfg(feature = "validation")]
pub(crate) use error::resource;
pub use error::{Cause, Error, Reason, Result};
pub use event::{Change, DeletedKey, EncodedObject, Event, EventStream, Start, Watch, WatchQuery};
pub use field_selector::{FieldRequirement, FieldSelector};
pub use json_patch::{JsonPatch, JsonPatchStep};
pub use label_selector::{LabelRequirement, LabelSelector};
pub use list_response::{ListResponse, ListResponseBody, ObjectListResponse, ViewListResponse};
pub use name::{Key, MalformedInput, Name, Namespace};
pub use options::{Effect, FieldValidation, Propagation, WriteOptions};
pub use outcome::{Deleted, Preconditions, Status, StatusDetails};
pub use patch::MergePatch;
pub use query::ListQuery;
pub use scale::{Scale, ScaleSpec, ScaleStatus};
pub use write_report::{Warnings, WriteReport};

use std::future::ready;

use crdgen_core::{List, Resource, View, ViewList};

/// Store of the objects of kind `K`.
///
/// `namespace` is `None` for a cluster-scoped kind, and for a list of all namespaces. If a method has a key and an
/// object, the object may lack name and namespace. A name or namespace in the object must equal that in the key.
///
/// Methods that not every store can support have a default implementation that returns [`Reason::NotImplemented`].
#[allow(unused_variables)]
pub trait Backend<K: Resource>: Send + Sync {
    /// Returns a page of objects, ordered by namespace and name.
    fn list(&self, namespace: Option<&Namespace>, query: &ListQuery) -> impl Future<Output = Result<List<K>>> + Send;

    /// Returns an object.
    fn get(&self, key: &Key) -> impl Future<Output = Result<K>> + Send;

    /// Returns a page of views. See [`list`](Self::list).
    fn list_views<V: View<Of = K>>(
        &self,
        namespace: Option<&Namespace>,
        query: &ListQuery,
    ) -> impl Future<Output = Result<ViewList<V>>> + Send;

    /// Returns the view of an object. See [`get`](Self::get).
    fn get_view<V: View<Of = K>>(&self, key: &Key) -> impl Future<Output = Result<V>> + Send;

    /// Returns a page of objects in the form that the backend can produce at the lowest cost. See [`list`](Self::list).
    fn list_response(
        &self,
        namespace: Option<&Namespace>,
        query: &ListQuery,
    ) -> impl Future<Output = Result<ObjectListResponse<K>>> + Send {
        async move { self.list(namespace, query).await.map(ListResponse::from) }
    }

    /// Returns a page of views in the form that the backend can produce at the lowest cost. See
    /// [`list_views`](Self::list_views).
    fn view_list_response<V: View<Of = K>>(
        &self,
        namespace: Option<&Namespace>,
        query: &ListQuery,
    ) -> impl Future<Output = Result<ViewListResponse<V>>> + Send {
        async move { self.list_views(namespace, query).await.map(ListResponse::from) }
    }

    /// Creates an object, and returns the stored object. Generates a name if the object has `generateName` and no name.
    ///
    /// Drops the status of the object if the kind has the status subresource.
    fn create(&self, namespace: Option<&Namespace>, object: &K) -> impl Future<Output = Result<K>> + Send;

    /// Replaces an object.
    ///
    /// The object's `resourceVersion` or the preconditions must contain the resourceVersion of the stored object. An
    /// outdated `resourceVersion` in the object returns [`Reason::Conflict`]. The status stays unchanged if the kind
    /// has the status subresource.
    fn replace(&self, key: &Key, object: &K, preconditions: &Preconditions) -> impl Future<Output = Result<K>> + Send;

    /// Changes the fields that the patch names. The status stays unchanged when the kind has the status subresource.
    fn patch(
        &self,
        key: &Key,
        patch: &MergePatch,
        preconditions: &Preconditions,
    ) -> impl Future<Output = Result<K>> + Send;

    /// Deletes an object. An object with finalizers is marked with a `deletionTimestamp` and stays until its finalizers
    /// are removed.
    fn delete(&self, key: &Key, preconditions: &Preconditions) -> impl Future<Output = Result<Deleted<K>>> + Send;

    /// Replaces the status of an object and changes nothing else. See [`replace`](Self::replace).
    fn replace_status(
        &self,
        key: &Key,
        object: &K,
        preconditions: &Preconditions,
    ) -> impl Future<Output = Result<K>> + Send;

    /// Patches the status of an object and changes nothing else. See [`patch`](Self::patch).
    fn patch_status(
        &self,
        key: &Key,
        patch: &MergePatch,
        preconditions: &Preconditions,
    ) -> impl Future<Output = Result<K>> + Send;

    /// Returns the scale subresource of an object.
    fn get_scale(&self, key: &Key) -> impl Future<Output = Result<Scale>> + Send;

    /// Sets the desired number of replicas.
    fn replace_scale(
        &self,
        key: &Key,
        scale: &Scale,
        preconditions: &Preconditions,
    ) -> impl Future<Output = Result<Scale>> + Send;

    /// Changes the desired number of replicas by a merge patch of the scale subresource.
    fn patch_scale(
        &self,
        key: &Key,
        patch: &MergePatch,
        preconditions: &Preconditions,
    ) -> impl Future<Output = Result<Scale>> + Send;

    /// Returns a backend that applies `options` to every write.
    ///
    /// # Errors
    ///
    /// Returns an error for options that the backend does not support. Default: returns an error for all options.
    fn with_options(&self, options: &WriteOptions) -> Result<Self>
    where
        Self: Sized,
    {
        Err(Error::not_implemented("write with options"))
    }

    /// Returns a backend that adds the warnings of its writes to `report`, and records there whether an apply created
    /// the object.
    ///
    /// Default: returns `self` unchanged. That is right for a backend that has no warnings and no apply.
    #[must_use]
    fn with_report(self, report: &WriteReport) -> Self
    where
        Self: Sized,
    {
        self
    }

    /// Applies the steps of a JSON patch to an object. See [`patch`](Self::patch).
    fn json_patch(
        &self,
        key: &Key,
        patch: &JsonPatch,
        preconditions: &Preconditions,
    ) -> impl Future<Output = Result<K>> + Send {
        ready(Err(Error::not_implemented("take JSON patches")))
    }

    /// Applies the steps of a JSON patch to the status of an object and changes nothing else. See
    /// [`json_patch`](Self::json_patch).
    fn json_patch_status(
        &self,
        key: &Key,
        patch: &JsonPatch,
        preconditions: &Preconditions,
    ) -> impl Future<Output = Result<K>> + Send {
        ready(Err(Error::not_implemented("take JSON patches")))
    }

    /// Applies the field values that a field manager sets (server-side apply). Creates the object if it does not exist.
    fn apply(&self, key: &Key, apply: &Apply) -> impl Future<Output = Result<K>> + Send {
        ready(Err(Error::not_implemented("apply")))
    }

    /// Applies the status fields that a field manager sets (server-side apply), and changes nothing else. See
    /// [`apply`](Self::apply).
    fn apply_status(&self, key: &Key, apply: &Apply) -> impl Future<Output = Result<K>> + Send {
        ready(Err(Error::not_implemented("apply")))
    }

    /// Deletes the objects that a query selects. Returns the deleted objects, each in its last state.
    fn delete_collection(
        &self,
        namespace: Option<&Namespace>,
        query: &ListQuery,
    ) -> impl Future<Output = Result<List<K>>> + Send {
        ready(Err(Error::not_implemented("delete collections")))
    }

    /// Watches objects: reports the existing objects first, and then every change.
    fn watch(
        &self,
        namespace: Option<&Namespace>,
        query: &WatchQuery,
    ) -> impl Future<Output = Result<Watch<K>>> + Send {
        ready(Err(Error::not_implemented("watch")))
    }

    /// Watches views. See [`watch`](Self::watch).
    fn watch_views<V: View<Of = K>>(
        &self,
        namespace: Option<&Namespace>,
        query: &WatchQuery,
    ) -> impl Future<Output = Result<Watch<V>>> + Send {
        ready(Err(Error::not_implemented("watch")))
    }

    /// Watches objects, in the form that the backend can produce at the lowest cost. See [`watch`](Self::watch).
    fn event_stream(
        &self,
        namespace: Option<&Namespace>,
        query: &WatchQuery,
    ) -> impl Future<Output = Result<EventStream<K>>> + Send {
        async move { self.watch(namespace, query).await.map(EventStream::from) }
    }

    /// Watches views, in the form that the backend can produce at the lowest cost. See
    /// [`watch_views`](Self::watch_views).
    fn view_event_stream<V: View<Of = K>>(
        &self,
        namespace: Option<&Namespace>,
        query: &WatchQuery,
    ) -> impl Future<Output = Result<EventStream<V>>> + Send {
        async move { self.watch_views(namespace, query).await.map(EventStream::from) }
    }
}

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
