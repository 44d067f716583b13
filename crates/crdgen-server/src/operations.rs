//! List of the operations that an API offers on a kind, and its conversion to routes.

use std::fmt;
use std::marker::PhantomData;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};
use crdgen_core::{Resource, View};

use super::warning::deprecated;
use super::{Serve, Subresource, Verb, method_not_allowed, operation, route};

/// List of the operations that an API offers on a kind. Generated code makes this list, with the operation ids of the
/// OpenAPI document. `Router::from` converts the list to a router whose state is the service.
///
/// Each operation runs all steps of the service's [`Policy`](super::Policy).
#[must_use]
pub struct Operations<S, K> {
    routes: Vec<Route<S>>,
    kind: PhantomData<fn() -> K>,
}

struct Route<S> {
    id: &'static str,
    path: String,
    verb: Verb,
    subresource: Option<Subresource>,
    handler: MethodRouter<S>,
}

/// Returns the HTTP method of a verb.
fn method(verb: Verb) -> MethodFilter {
    match verb {
        Verb::Get | Verb::List | Verb::Watch => MethodFilter::GET,
        Verb::Create => MethodFilter::POST,
        Verb::Update => MethodFilter::PUT,
        Verb::Patch => MethodFilter::PATCH,
        Verb::Delete | Verb::DeleteCollection => MethodFilter::DELETE,
    }
}

impl<S: Serve<K>, K: Resource> Operations<S, K> {
    /// Creates an empty list of operations.
    pub fn new() -> Self {
        Self { routes: Vec::new(), kind: PhantomData }
    }

    fn with<H, T>(self, id: &'static str, path: String, verb: Verb, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.with_sub(None, id, path, verb, handler)
    }

    fn with_sub<H, T>(
        mut self,
        subresource: impl Into<Option<Subresource>>,
        id: &'static str,
        path: String,
        verb: Verb,
        handler: H,
    ) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        let handler = on(method(verb), handler);
        self.routes.push(Route { id, path, verb, subresource: subresource.into(), handler });
        self
    }

    /// Returns the verb and the subresource of each operation.
    pub(super) fn verbs(&self) -> impl Iterator<Item = (Verb, Option<Subresource>)> {
        self.routes.iter().map(|route| (route.verb, route.subresource))
    }

    /// Adds the operation that lists the objects of a namespace, or all objects of a cluster-scoped kind.
    pub fn list(self, id: &'static str) -> Self {
        self.with(id, route::collection::<K>(), Verb::List, operation::list::<S, K>)
    }

    /// Adds the operation that lists the objects of all namespaces.
    pub fn list_all(self, id: &'static str) -> Self {
        self.with(id, route::all::<K>(), Verb::List, operation::list::<S, K>)
    }

    /// Adds the operation that creates an object.
    pub fn create(self, id: &'static str) -> Self {
        self.with(id, route::collection::<K>(), Verb::Create, operation::create::<S, K>)
    }

    /// Adds the operation that reads an object.
    pub fn get(self, id: &'static str) -> Self {
        self.with(id, route::object::<K>(), Verb::Get, operation::get::<S, K>)
    }

    /// Adds the operation that replaces an object.
    pub fn replace(self, id: &'static str) -> Self {
        self.with(id, route::object::<K>(), Verb::Update, operation::replace::<S, K>)
    }

    /// Adds the operation that patches an object. A server-side apply creates the object if it does not exist.
    pub fn patch(self, id: &'static str) -> Self {
        self.with(id, route::object::<K>(), Verb::Patch, operation::patch::<S, K>)
    }

    /// Adds the operation that patches an object, for an API without create. A server-side apply does not create the
    /// object: it returns 404 if the object does not exist.
    pub fn patch_existing(self, id: &'static str) -> Self {
        self.with(id, route::object::<K>(), Verb::Patch, operation::patch_existing::<S, K>)
    }

    /// Adds the operation that deletes an object.
    pub fn delete(self, id: &'static str) -> Self {
        self.with(id, route::object::<K>(), Verb::Delete, operation::delete::<S, K>)
    }

    /// Adds the operation that deletes all objects of a namespace, or of a cluster-scoped kind, that a query selects.
    pub fn delete_collection(self, id: &'static str) -> Self {
        self.with(id, route::collection::<K>(), Verb::DeleteCollection, operation::delete_collection::<S, K>)
    }

    /// Adds the operation that watches the objects of a namespace, or all objects of a cluster-scoped kind.
    pub fn watch(self, id: &'static str) -> Self {
        self.with(id, route::changes::<K>(), Verb::Watch, operation::watch::<S, K>)
    }

    /// Adds the operation that watches the objects of all namespaces.
    pub fn watch_all(self, id: &'static str) -> Self {
        self.with(id, route::all_changes::<K>(), Verb::Watch, operation::watch::<S, K>)
    }

    /// Adds the operation that reads the status of an object.
    pub fn get_status(self, id: &'static str) -> Self {
        self.with_sub(Subresource::Status, id, route::status::<K>(), Verb::Get, operation::get_status::<S, K>)
    }

    /// Adds the operation that replaces the status of an object.
    pub fn replace_status(self, id: &'static str) -> Self {
        self.with_sub(Subresource::Status, id, route::status::<K>(), Verb::Update, operation::replace_status::<S, K>)
    }

    /// Adds the operation that patches the status of an object.
    pub fn patch_status(self, id: &'static str) -> Self {
        self.with_sub(Subresource::Status, id, route::status::<K>(), Verb::Patch, operation::patch_status::<S, K>)
    }

    /// Adds the operation that reads the scale of an object.
    pub fn get_scale(self, id: &'static str) -> Self {
        self.with_sub(Subresource::Scale, id, route::scale::<K>(), Verb::Get, operation::get_scale::<S, K>)
    }

    /// Adds the operation that replaces the scale of an object.
    pub fn replace_scale(self, id: &'static str) -> Self {
        self.with_sub(Subresource::Scale, id, route::scale::<K>(), Verb::Update, operation::replace_scale::<S, K>)
    }

    /// Adds the operation that patches the scale of an object.
    pub fn patch_scale(self, id: &'static str) -> Self {
        self.with_sub(Subresource::Scale, id, route::scale::<K>(), Verb::Patch, operation::patch_scale::<S, K>)
    }

    /// Adds the operation that lists views of the objects of a namespace, or of all objects of a cluster-scoped kind.
    pub fn list_views<V: View<Of = K>>(self, id: &'static str) -> Self {
        self.with(id, route::view_collection::<V>(), Verb::List, operation::list_views::<S, K, V>)
    }

    /// Adds the operation that lists views of the objects of all namespaces.
    pub fn list_all_views<V: View<Of = K>>(self, id: &'static str) -> Self {
        self.with(id, route::view_all::<V>(), Verb::List, operation::list_views::<S, K, V>)
    }

    /// Adds the operation that reads a view of an object.
    pub fn get_view<V: View<Of = K>>(self, id: &'static str) -> Self {
        self.with(id, route::view_object::<V>(), Verb::Get, operation::get_view::<S, K, V>)
    }

    /// Adds the operation that watches views of the objects of a namespace, or of all objects of a cluster-scoped kind.
    pub fn watch_views<V: View<Of = K>>(self, id: &'static str) -> Self {
        self.with(id, route::view_changes::<V>(), Verb::Watch, operation::watch_views::<S, K, V>)
    }

    /// Adds the operation that watches views of the objects of all namespaces.
    pub fn watch_all_views<V: View<Of = K>>(self, id: &'static str) -> Self {
        self.with(id, route::view_all_changes::<V>(), Verb::Watch, operation::watch_views::<S, K, V>)
    }

    /// Removes the operation with this id. Its route then answers 405, or 404 if the path has no other operation.
    pub fn without(mut self, id: &str) -> Self {
        self.routes.retain(|route| route.id != id);
        self
    }

    /// Replaces the handler of the operation with this id by `handler`, which runs **without the policy**: the caller
    /// is not authenticated or authorized, no object is hidden, and no write is admitted or validated. To keep the
    /// policy, override a method of [`Serve`] instead.
    ///
    /// # Examples
    ///
    /// ```
    /// # use crdgen_runtime::Resource;
    /// # use crdgen_runtime::server::{Operations, Serve};
    /// # fn routes<S: Serve<K>, K: Resource>() -> axum::Router<S> {
    /// let operations = Operations::<S, K>::new().list("listBoats").create("createBoat");
    /// operations.without_policy("listBoats", async || "there are no boats").into()
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if there is no operation with this id.
    pub fn without_policy<H, T>(mut self, id: &str, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        let route = self.routes.iter_mut().find(|route| route.id == id);
        let route = route.unwrap_or_else(|| panic!("there is no operation {id:?}"));
        route.handler = on(method(route.verb), handler);
        self
    }
}

impl<S: Serve<K>, K: Resource> Default for Operations<S, K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Serve<K>, K: Resource> From<Operations<S, K>> for Router<S> {
    fn from(operations: Operations<S, K>) -> Self {
        let routes = operations.routes.into_iter();
        let router = routes.fold(Router::new(), |router, Route { path, handler, .. }| router.route(&path, handler));
        deprecated::<K, S>(router.method_not_allowed_fallback(method_not_allowed))
    }
}

impl<S, K> fmt::Debug for Operations<S, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.routes.iter().map(|Route { id, path, verb, .. }| (id, verb, path))).finish()
    }
}
