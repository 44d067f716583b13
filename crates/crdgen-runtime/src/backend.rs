//! Where objects are kept, as the generated API sees it: nothing of HTTP, nothing of a particular store.
//!
//! The semantics are those of the Kubernetes API server for custom resources, whoever implements them. Every method is
//! async and gives a future that can move between threads.

mod error;
mod field_selector;
mod label_selector;
#[cfg(feature = "memory")]
pub mod memory;
mod name;
mod outcome;
mod patch;
mod query;
mod scale;

pub use error::{Cause, Error, Reason};
pub use field_selector::{FieldRequirement, FieldSelector};
pub use label_selector::{LabelRequirement, LabelSelector};
pub use name::{Key, Malformed, Name, Namespace};
pub use outcome::{Deleted, Preconditions, Status, StatusDetails};
pub use patch::MergePatch;
pub use query::ListQuery;
pub use scale::{Scale, ScaleSpec, ScaleStatus};

use crate::{List, Resource, View, ViewList};

/// What a backend answers.
pub type Result<T> = std::result::Result<T, Error>;

/// A store of `K`.
///
/// `namespace` is `None` for a cluster-scoped kind, and to list over all namespaces. An object's own name and namespace may
/// be absent where the key says them; where both say one they must agree.
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
}
