//! The trait by which a service serves one kind.

use super::operation::{
    CreateRequest, DeleteCollectionRequest, DeleteRequest, GetRequest, GetScaleRequest, ListRequest, PatchRequest,
    PatchScaleRequest, ReplaceRequest, ReplaceScaleRequest, WatchRequest,
};
use super::{Policy, Visibility, WatchedViews, Write};
use crate::backend::{Backend, Deleted, EventStream, Listed, ListedViews, Scale};
use crate::problem::Problem;
use crate::validation::Validation;
use crate::{List, Resource, View};

/// One kind of a service: where its objects are kept, which of them callers see, and how writes are admitted.
///
/// Only [`backend`](Self::backend) has no default. The methods from [`list`](Self::list) on are the store steps of the
/// operations: each is called with a request that has passed the whole [`Policy`], and by default
/// hands it to the backend with `request.run()`. Which operations have routes is decided by the project's config; a store
/// step without a route is never called.
///
/// # Examples
///
/// A service of one kind with a rule of its own:
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
    /// Returns the store of the objects that this caller works on.
    fn backend(&self, caller: &Self::Caller) -> impl Backend<K>;

    /// Returns which objects the caller sees. Default: what [`Policy::default_visibility`] says, which is all of them.
    ///
    /// A hidden object behaves as if it did not exist: lists and watches leave it out, selectors do not find it, reads and
    /// writes answer 404. Its name stays taken, though, and versions count writes of it.
    fn visible(&self, caller: &Self::Caller) -> Visibility<K> {
        self.default_visibility(caller)
    }

    /// Looks at a write before it is stored, and may change or refuse it. Default: what [`Policy::default_admission`] says,
    /// which stores every write as it was sent.
    ///
    /// The stored object, and the object that a patch makes, are read only when the write is asked for them.
    ///
    /// # Errors
    ///
    /// The problem that the caller is answered with.
    fn admit(
        &self,
        caller: &Self::Caller,
        write: &mut Write<'_, K>,
    ) -> impl Future<Output = Result<(), Problem>> + Send {
        self.default_admission(caller, write)
    }

    /// Returns the switch of validation: whether objects are judged by the CRD's rules before the backend is asked. Default:
    /// what [`Policy::default_validation`] says, which is never.
    fn validation(&self) -> &Validation {
        self.default_validation()
    }

    /// Lists objects.
    fn list(&self, request: ListRequest<'_, Self, K>) -> impl Future<Output = Result<Listed<K>, Problem>> + Send {
        request.run()
    }

    /// Creates an object, also for a server-side apply that finds none.
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

    /// Changes an object by a patch of any form.
    fn patch(&self, request: PatchRequest<'_, Self, K>) -> impl Future<Output = Result<K, Problem>> + Send {
        request.run()
    }

    /// Deletes an object.
    fn delete(&self, request: DeleteRequest<'_, Self, K>) -> impl Future<Output = Result<Deleted<K>, Problem>> + Send {
        request.run()
    }

    /// Deletes the objects that a query selects.
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

    /// Reads an object by its status route. The answer is the whole object.
    fn get_status(&self, request: GetRequest<'_, Self, K>) -> impl Future<Output = Result<K, Problem>> + Send {
        request.run()
    }

    /// Replaces the status of an object.
    fn replace_status(&self, request: ReplaceRequest<'_, Self, K>) -> impl Future<Output = Result<K, Problem>> + Send {
        request.run()
    }

    /// Changes the status of an object by a patch of any form.
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

    /// Lists views of objects. For a caller who does not see everything, views are made of what [`list`](Self::list)
    /// answers, and this is not called.
    fn list_views<V: View<Of = K>>(
        &self,
        request: ListRequest<'_, Self, K>,
    ) -> impl Future<Output = Result<ListedViews<V>, Problem>> + Send {
        request.run_views()
    }

    /// Reads a view of an object. For a caller who does not see everything, the view is made of what [`get`](Self::get)
    /// answers, and this is not called.
    fn get_view<V: View<Of = K>>(
        &self,
        request: GetRequest<'_, Self, K>,
    ) -> impl Future<Output = Result<V, Problem>> + Send {
        request.run_view()
    }

    /// Watches views of objects. For a caller who does not see everything, views are made of what [`watch`](Self::watch)
    /// answers, and this is not called.
    fn watch_views<V: View<Of = K>>(
        &self,
        request: WatchRequest<'_, Self, K>,
    ) -> impl Future<Output = Result<WatchedViews<V>, Problem>> + Send {
        request.run_views()
    }
}
