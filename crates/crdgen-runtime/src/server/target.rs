//! What a caller wants to do to what: the question of authorization.

use crate::Resource;
use crate::backend::{Key, Name, Namespace};

/// What a caller wants to do, in Kubernetes' words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Read one.
    Get,
    /// Read many.
    List,
    /// Make one.
    Create,
    /// Replace one.
    Update,
    /// Change one.
    Patch,
    /// Delete one.
    Delete,
    /// Delete many.
    DeleteCollection,
    /// Be told of changes.
    Watch,
}

impl Verb {
    /// The verb as it stands in a role.
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

/// A part of an object with a route of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subresource {
    /// `/status`.
    Status,
    /// `/scale`.
    Scale,
}

impl Subresource {
    /// The last segment of its route.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Scale => "scale",
        }
    }
}

/// What a request is about: the resource attributes of a Kubernetes access review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// API group.
    pub group: &'static str,
    /// Version.
    pub version: &'static str,
    /// Plural of the kind.
    pub resource: &'static str,
    /// The part of the object, when it is not the whole.
    pub subresource: Option<Subresource>,
    /// Absent for a cluster-scoped kind, and over all namespaces.
    pub namespace: Option<Namespace>,
    /// Absent for a list, and for an object that is to be made.
    pub name: Option<Name>,
}

impl Target {
    /// The objects in a namespace, or all.
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

    /// One object.
    pub fn object<K: Resource>(key: &Key) -> Self {
        Self { name: Some(key.name.clone()), ..Self::collection::<K>(key.namespace.as_ref()) }
    }

    /// The status of an object.
    pub fn status<K: Resource>(key: &Key) -> Self {
        Self { subresource: Some(Subresource::Status), ..Self::object::<K>(key) }
    }

    /// The scale of an object.
    pub fn scale<K: Resource>(key: &Key) -> Self {
        Self { subresource: Some(Subresource::Scale), ..Self::object::<K>(key) }
    }
}
