//! Trait that a service implements for each kind.

use crdgen_backend::validation::Validation;
use crdgen_backend::{Backend, Deleted, EventStream, ObjectListResponse, Scale, ViewListResponse};
use crdgen_core::{List, Resource, View};

use super::operation::{
    CreateRequest, DeleteCollectionRequest, DeleteRequest, GetRequest, GetScaleRequest, ListRequest, PatchRequest,
    PatchScaleRequest, ReplaceRequest, ReplaceScaleRequest, WatchRequest,
};
use super::{AdmissionRequest, Policy, Visibility, WatchedViews};
use crate::problem::Problem;

/// Service of one kind: its backend, the visibility of its objects, and the admission of writes.
///
/// Only [`backend`](Self::backend) has no default. The methods from [`list`](Self::list) on are the store steps of the
/// operations. A store step is called only after all earlier steps of the [`Policy`] have accepted the request. By
/// default it calls `request.run()`, which sends the request to the backend. `crdgen.toml` decides which operations
/// have routes. The store step of an operation without a route is never called.
///
/// # Examples
///
/// A service of one kind that refuses objects without the label `owner`:
///
/// ```
/// # mod generated {
/// #     pub type Boat = crdgen_runtime::client::PartialObject;
/// # }
/// use crdgen_runtime::Resource;
/// use crdgen_runtime::backend::memory::MemoryBackend;
/// use crdgen_runtime::server::prelude::*;
///
/// #[derive(Clone, Default)]
/// struct Harbour {
///     objects: MemoryBackend,
/// }
///
/// impl Policy for Harbour {
///     type Caller = ();
///
///     async fn authorize(&self, _: &(), _: Verb, _: &Target) -> Result<(), Problem> {
///         Ok(())
///     }
/// }
///
/// impl<Boat: Resource> Serve<Boat> for Harbour {
///     fn backend(&self, _: &()) -> impl Backend<Boat> {
///         self.objects.clone()
///     }
///
///     async fn create(&self, request: CreateRequest<'_, Self, Boat>) -> Result<Boat, Problem> {
///         if request.object.metadata().label("owner").is_none() {
///             return Err(Problem::new(Reason::Invalid, "a boat has the label owner"));
///         }
///         request.run().await
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not serve `{K}`",
    label = "implement `crdgen_runtime::server::Serve<{K}>` for this service; only `backend` has no default"
)]
pub trait Serve<K: Resource>: Policy {
    /// Returns the backend for the requests of this caller. A backend can be the same for all callers.
    fn backend(&self, caller: &Self::Caller) -> impl Backend<K>;

    /// Returns the visibility of the kind for a caller: the objects that the caller may see. Default:
    /// [`Policy::default_visibility`], which shows all objects.
    ///
    /// A hidden object behaves as if it did not exist: lists and watches leave it out, selectors do not find it, reads
    /// and writes answer 404. Two facts remain observable: nobody can create another object with the name of the hidden
    /// object, and resourceVersions count the writes of the hidden object.
    fn visible(&self, caller: &Self::Caller) -> Visibility<K> {
        self.default_visibility(caller)
    }

    /// Admits a write before the write is stored. The method may read, change or refuse the write. Default:
    /// [`Policy::default_admission`], which admits every write unchanged.
    ///
    /// The stored object, and the result of a patch, are read only if this method asks `write` for them.
    ///
    /// # Errors
    ///
    /// Returns the problem that answers the request.
    fn admit(
        &self,
        caller: &Self::Caller,
        write: &mut AdmissionRequest<'_, K>,
    ) -> impl Future<Output = Result<(), Problem>> + Send {
        self.default_admission(caller, write)
    }

    /// Returns the validator, whose mode says whether objects are validated against the CRD before the request reaches
    /// the backend. Default: [`Policy::default_validation`], which is off.
    fn validation(&self) -> &Validation {
        self.default_validation()
    }

    /// Lists objects.
    fn list(
        &self,
        request: ListRequest<'_, Self, K>,
    ) -> impl Future<Output = Result<ObjectListResponse<K>, Problem>> + Send {
        request.run()
    }

    /// Creates an object. Also called for a server-side apply, if the object does not exist.
    fn create(&self, request: CreateRequest<'_, Self, K>) -> impl Future<Output = Result<K, Problem>> + Send {
        request.run()
    }

    /// Reads an object.
    fn get(&self, request: GetRequest<'_, Self, K>) -> impl Future<Output = Result<K, Problem>> + Send {
        request.run()
    }

    /// Replaces an object.
    fn replace(&self, request: ReplaceRequest<'_, Self, K>) -> impl Future<Output = Result<K, Problem>> + Send {
        request.run()
    }

    /// Changes an object by a merge patch, a JSON patch or a server-side apply.
    fn patch(&self, request: PatchRequest<'_, Self, K>) -> impl Future<Output = Result<K, Problem>> + Send {
        request.run()
    }

    /// Deletes an object.
    fn delete(&self, request: DeleteRequest<'_, Self, K>) -> impl Future<Output = Result<Deleted<K>, Problem>> + Send {
        request.run()
    }

    /// Deletes the objects that the query selects.
    fn delete_collection(
        &self,
        request: DeleteCollectionRequest<'_, Self, K>,
    ) -> impl Future<Output = Result<List<K>, Problem>> + Send {
        request.run()
    }

    /// Watches objects.
    fn watch(
        &self,
        request: WatchRequest<'_, Self, K>,
    ) -> impl Future<Output = Result<EventStream<K>, Problem>> + Send {
        request.run()
    }

    /// Reads an object through its status subresource. The answer is the whole object.
    fn get_status(&self, request: GetRequest<'_, Self, K>) -> impl Future<Output = Result<K, Problem>> + Send {
        request.run()
    }

    /// Replaces the status of an object.
    fn replace_status(&self, request: ReplaceRequest<'_, Self, K>) -> impl Future<Output = Result<K, Problem>> + Send {
        request.run()
    }

    /// Changes the status of an object by a merge patch, a JSON patch or a server-side apply.
    fn patch_status(&self, request: PatchRequest<'_, Self, K>) -> impl Future<Output = Result<K, Problem>> + Send {
        request.run()
    }

    /// Reads the scale of an object.
    fn get_scale(&self, request: GetScaleRequest<'_, Self, K>) -> impl Future<Output = Result<Scale, Problem>> + Send {
        request.run()
    }

    /// Replaces the scale of an object.
    fn replace_scale(
        &self,
        request: ReplaceScaleRequest<'_, Self, K>,
    ) -> impl Future<Output = Result<Scale, Problem>> + Send {
        request.run()
    }

    /// Changes the scale of an object by a merge patch.
    fn patch_scale(
        &self,
        request: PatchScaleRequest<'_, Self, K>,
    ) -> impl Future<Output = Result<Scale, Problem>> + Send {
        request.run()
    }

    /// Lists views of objects. Not called if objects are hidden from the caller: then the views are made from the
    /// answer of [`list`](Self::list).
    fn list_views<V: View<Of = K>>(
        &self,
        request: ListRequest<'_, Self, K>,
    ) -> impl Future<Output = Result<ViewListResponse<V>, Problem>> + Send {
        request.run_views()
    }

    /// Reads a view of an object. Not called if objects are hidden from the caller: then the view is made from the
    /// answer of [`get`](Self::get).
    fn get_view<V: View<Of = K>>(
        &self,
        request: GetRequest<'_, Self, K>,
    ) -> impl Future<Output = Result<V, Problem>> + Send {
        request.run_view()
    }

    /// Watches views of objects. Not called if objects are hidden from the caller: then the views are made from the
    /// answer of [`watch`](Self::watch).
    fn watch_views<V: View<Of = K>>(
        &self,
        request: WatchRequest<'_, Self, K>,
    ) -> impl Future<Output = Result<WatchedViews<V>, Problem>> + Send {
        request.run_views()
    }
}
