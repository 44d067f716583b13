//! Verb and target of a request, for authorization.

use crdgen_backend::{Key, Name, Namespace};
use crdgen_core::Resource;

/// Kubernetes verb of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Read one object.
    Get,
    /// Read the objects of a collection.
    List,
    /// Create an object.
    Create,
    /// Replace an object.
    Update,
    /// Change an object by a patch.
    Patch,
    /// Delete one object.
    Delete,
    /// Delete the objects of a collection.
    DeleteCollection,
    /// Watch the objects of a collection.
    Watch,
}

impl Verb {
    /// Returns the verb as a role names it, for example `deletecollection`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::List => "list",
            Self::Create => "create",
            Self::Update => "update",
            Self::Patch => "patch",
            Self::Delete => "delete",
            Self::DeleteCollection => "deletecollection",
            Self::Watch => "watch",
        }
    }
}

/// Subresource of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subresource {
    /// Subresource `status`.
    Status,
    /// Subresource `scale`.
    Scale,
}

impl Subresource {
    /// Returns the last segment of the route.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Scale => "scale",
        }
    }
}

/// Target of a request: the resource attributes of a Kubernetes access review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// API group of the kind, for example `example.com`.
    pub group: &'static str,
    /// API version of the kind, for example `v1`.
    pub version: &'static str,
    /// Plural name of the kind, for example `widgets`.
    pub resource: &'static str,
    /// Subresource; `None` for the object itself.
    pub subresource: Option<Subresource>,
    /// Namespace; `None` for a cluster-scoped kind, and for a request over all namespaces.
    pub namespace: Option<Namespace>,
    /// Name of the object; `None` for a collection, for a creation by POST, and for a question about the permissions on
    /// every object.
    pub name: Option<Name>,
}

impl Target {
    /// Returns the target for the objects in a namespace, or for all objects if `namespace` is `None`.
    pub fn collection<K: Resource>(namespace: Option<&Namespace>) -> Self {
        Self {
            group: K::GROUP,
            version: K::VERSION,
            resource: K::PLURAL,
            subresource: None,
            namespace: namespace.cloned(),
            name: None,
        }
    }

    /// Returns the target for one object.
    pub fn object<K: Resource>(key: &Key) -> Self {
        Self { name: Some(key.name.clone()), ..Self::collection::<K>(key.namespace.as_ref()) }
    }

    /// Returns the target for the status of an object.
    pub fn status<K: Resource>(key: &Key) -> Self {
        Self { subresource: Some(Subresource::Status), ..Self::object::<K>(key) }
    }

    /// Returns the target for the scale of an object.
    pub fn scale<K: Resource>(key: &Key) -> Self {
        Self { subresource: Some(Subresource::Scale), ..Self::object::<K>(key) }
    }
}
