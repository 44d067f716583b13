//! Places of objects in a store.

use std::sync::Arc;

use crdgen_backend::{Key, Namespace};

use super::kind::Kind;

/// `plural.group` of a kind. The versions of a kind share its objects.
pub(super) type KindId = Arc<str>;

/// Namespace (empty for a cluster-scoped kind) and name. Lists are in this order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ObjectId {
    pub(super) namespace: Arc<str>,
    pub(super) name: Arc<str>,
}

/// Place of an object in the store.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) kind: KindId,
    pub(super) id: ObjectId,
}

impl ObjectId {
    pub(super) fn new(namespace: &str, name: &str) -> Self {
        Self { namespace: namespace.into(), name: name.into() }
    }

    /// Returns the length of both texts, in bytes.
    pub(super) fn len(&self) -> usize {
        self.namespace.len() + self.name.len()
    }
}

impl Place {
    pub(super) fn new(kind: &Kind, namespace: Option<&Namespace>, name: &str) -> Self {
        let namespace = namespace.map_or("", Namespace::as_str);
        Self { kind: kind.resource.clone(), id: ObjectId::new(namespace, name) }
    }

    pub(super) fn of(kind: &Kind, key: &Key) -> Self {
        Self::new(kind, key.namespace.as_ref(), key.name.as_str())
    }
}
