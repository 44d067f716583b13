//! Where objects are kept, as the generated API sees it: nothing of HTTP, nothing of a particular store.
//!
//! The semantics are those of the Kubernetes API server for custom resources, whoever implements them. Every method is
//! async and gives a future that can move between threads.

mod apply;
mod error;
mod event;
mod field_selector;
mod json_patch;
#[cfg(feature = "kube")]
mod kube;
mod label_selector;
mod listing;
#[cfg(feature = "memory")]
pub mod memory;
mod name;
mod options;
mod outcome;
mod patch;
#[cfg(any(feature = "memory", feature = "server"))]
pub(crate) mod pieces;
mod query;
mod remarks;
mod scale;

#[cfg(feature = "kube")]
pub use self::kube::KubeBackend;
pub use apply::{Apply, Ownership};
#[cfg(feature = "validation")]
pub(crate) use error::resource;
pub use error::{Cause, Error, Reason};
pub use event::{Change, EncodedObject, Event, EventStream, Start, Vanished, Watch, WatchQuery};
pub use field_selector::{FieldRequirement, FieldSelector};
pub use json_patch::{JsonPatch, JsonPatchStep};
pub use label_selector::{LabelRequirement, LabelSelector};
pub use listing::{Listed, ListedViews, Listing, ListingBody};
pub use name::{Key, Malformed, Name, Namespace};
pub use options::{Effect, FieldValidation, Propagation, WriteOptions};
pub use outcome::{Deleted, Preconditions, Status, StatusDetails};
pub use patch::MergePatch;
pub use query::ListQuery;
pub use remarks::{Remarks, Warnings};
pub use scale::{Scale, ScaleSpec, ScaleStatus};

use std::future::ready;

use crate::{List, Resource, View, ViewList};

/// What a backend answers.
pub type Result<T> = std::result::Result<T, Error>;

/// A store of `K`.
///
/// `namespace` is `None` for a cluster-scoped kind, and to list over all namespaces. An object's own name and namespace may
/// be absent where the key says them; where both say one they must agree.
///
/// What not every store can do has a body here that refuses with [`Reason::NotImplemented`].
#[allow(unused_variables)]
pub trait Backend<K: Resource>: Send + Sync {
    /// A page of objects, in the order of namespace and name.
    fn list(&self, namespace: Option<&Namespace>, query: &ListQuery) -> impl Future<Output = Result<List<K>>> + Send;

    /// One object.
    fn get(&self, key: &Key) -> impl Future<Output = Result<K>> + Send;

    /// As [`list`](Self::list), of what a view reads.
    fn list_views<V: View<Of = K>>(
        &self,
        namespace: Option<&Namespace>,
        query: &ListQuery,
    ) -> impl Future<Output = Result<ViewList<V>>> + Send;

    /// As [`get`](Self::get), of what a view reads.
    fn get_view<V: View<Of = K>>(&self, key: &Key) -> impl Future<Output = Result<V>> + Send;

    /// As [`list`](Self::list), in the form that costs least to pass on.
    fn listing(
        &self,
        namespace: Option<&Namespace>,
        query: &ListQuery,
    ) -> impl Future<Output = Result<Listed<K>>> + Send {
        async move { self.list(namespace, query).await.map(Listing::from) }
    }

    /// As [`list_views`](Self::list_views), in the form that costs least to pass on.
    fn view_listing<V: View<Of = K>>(
        &self,
        namespace: Option<&Namespace>,
        query: &ListQuery,
    ) -> impl Future<Output = Result<ListedViews<V>>> + Send {
        async move { self.list_views(namespace, query).await.map(Listing::from) }
    }

    /// Stores a new object, under a generated name if it has none but `generateName`. Its status is dropped if the kind has
    /// the status subresource.
    fn create(&self, namespace: Option<&Namespace>, object: &K) -> impl Future<Output = Result<K>> + Send;

    /// Replaces an object. The version that it replaces must be said, in the object's `resourceVersion` (a stale one is a
    /// [`Reason::Conflict`]) or in the preconditions. The status stays if the kind has the status subresource.
    fn replace(&self, key: &Key, object: &K, preconditions: &Preconditions) -> impl Future<Output = Result<K>> + Send;

    /// Changes what the patch names. The status stays if the kind has the status subresource.
    fn patch(
        &self,
        key: &Key,
        patch: &MergePatch,
        preconditions: &Preconditions,
    ) -> impl Future<Output = Result<K>> + Send;

    /// Deletes an object, or marks it if finalizers hold it.
    fn delete(&self, key: &Key, preconditions: &Preconditions) -> impl Future<Output = Result<Deleted<K>>> + Send;

    /// As [`replace`](Self::replace), but nothing except the status changes.
    fn replace_status(
        &self,
        key: &Key,
        object: &K,
        preconditions: &Preconditions,
    ) -> impl Future<Output = Result<K>> + Send;

    /// As [`patch`](Self::patch), but nothing except the status changes.
    fn patch_status(
        &self,
        key: &Key,
        patch: &MergePatch,
        preconditions: &Preconditions,
    ) -> impl Future<Output = Result<K>> + Send;

    /// The scale subresource.
    fn get_scale(&self, key: &Key) -> impl Future<Output = Result<Scale>> + Send;

    /// Sets the replicas that are asked for.
    fn replace_scale(
        &self,
        key: &Key,
        scale: &Scale,
        preconditions: &Preconditions,
    ) -> impl Future<Output = Result<Scale>> + Send;

    /// Sets the replicas that are asked for, by a patch of the scale.
    fn patch_scale(
        &self,
        key: &Key,
        patch: &MergePatch,
        preconditions: &Preconditions,
    ) -> impl Future<Output = Result<Scale>> + Send;

    /// The same objects, written so. What a backend does not know of it, it refuses.
    fn with_options(&self, options: &WriteOptions) -> Result<Self>
    where
        Self: Sized,
    {
        Err(Error::not_implemented("write with options"))
    }

    /// The same objects; what is to be said of writes goes there. A backend that has nothing to say need not care.
    #[must_use]
    fn with_remarks(self, remarks: &Remarks) -> Self
    where
        Self: Sized,
    {
        self
    }

    /// As [`patch`](Self::patch), by steps.
    fn json_patch(
        &self,
        key: &Key,
        patch: &JsonPatch,
        preconditions: &Preconditions,
    ) -> impl Future<Output = Result<K>> + Send {
        ready(Err(Error::not_implemented("take JSON patches")))
    }

    /// As [`json_patch`](Self::json_patch), but nothing except the status changes.
    fn json_patch_status(
        &self,
        key: &Key,
        patch: &JsonPatch,
        preconditions: &Preconditions,
    ) -> impl Future<Output = Result<K>> + Send {
        ready(Err(Error::not_implemented("take JSON patches")))
    }

    /// Makes the object have what a manager wants of it; creates it if it is not there.
    fn apply(&self, key: &Key, apply: &Apply) -> impl Future<Output = Result<K>> + Send {
        ready(Err(Error::not_implemented("apply")))
    }

    /// As [`apply`](Self::apply), but nothing except the status changes.
    fn apply_status(&self, key: &Key, apply: &Apply) -> impl Future<Output = Result<K>> + Send {
        ready(Err(Error::not_implemented("apply")))
    }

    /// Deletes the objects that a query selects; what they were.
    fn delete_collection(
        &self,
        namespace: Option<&Namespace>,
        query: &ListQuery,
    ) -> impl Future<Output = Result<List<K>>> + Send {
        ready(Err(Error::not_implemented("delete collections")))
    }

    /// Tells what is there and what happens to it.
    fn watch(
        &self,
        namespace: Option<&Namespace>,
        query: &WatchQuery,
    ) -> impl Future<Output = Result<Watch<K>>> + Send {
        ready(Err(Error::not_implemented("watch")))
    }

    /// As [`watch`](Self::watch), of what a view reads.
    fn watch_views<V: View<Of = K>>(
        &self,
        namespace: Option<&Namespace>,
        query: &WatchQuery,
    ) -> impl Future<Output = Result<Watch<V>>> + Send {
        ready(Err(Error::not_implemented("watch")))
    }

    /// As [`watch`](Self::watch), in the form that costs least to pass on.
    fn event_stream(
        &self,
        namespace: Option<&Namespace>,
        query: &WatchQuery,
    ) -> impl Future<Output = Result<EventStream<K>>> + Send {
        async move { self.watch(namespace, query).await.map(EventStream::from) }
    }

    /// As [`watch_views`](Self::watch_views), in the form that costs least to pass on.
    fn view_event_stream<V: View<Of = K>>(
        &self,
        namespace: Option<&Namespace>,
        query: &WatchQuery,
    ) -> impl Future<Output = Result<EventStream<V>>> + Send {
        async move { self.watch_views(namespace, query).await.map(EventStream::from) }
    }
}
