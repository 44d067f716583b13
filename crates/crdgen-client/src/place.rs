//! URL paths of objects.

use crdgen_backend::{Name, Namespace};
use crdgen_core::Resource;

/// Scope of a request. Its texts are validated names, so none of them can escape its path segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Objects of a namespace.
    Namespace(Namespace),
    /// Objects of all namespaces, or of a cluster-scoped kind.
    Cluster,
}

/// Part of an object: the object itself or a subresource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Main,
    Status,
    Scale,
}

impl Place {
    /// Creates the place from the namespace argument of a backend.
    pub fn of(namespace: Option<&Namespace>) -> Self {
        namespace.cloned().map_or(Self::Cluster, Self::Namespace)
    }

    /// Returns the path of all objects.
    pub fn all<K: Resource>(&self) -> String {
        let (group, version, plural) = (K::GROUP, K::VERSION, K::PLURAL);
        match self {
            Self::Namespace(namespace) => format!("/apis/{group}/{version}/namespaces/{namespace}/{plural}"),
            Self::Cluster => format!("/apis/{group}/{version}/{plural}"),
        }
    }

    /// Returns the path of an object.
    pub fn one<K: Resource>(&self, name: &Name, part: Part) -> String {
        let suffix = match part {
            Part::Main => "",
            Part::Status => "/status",
            Part::Scale => "/scale",
        };
        format!("{}/{name}{suffix}", self.all::<K>())
    }
}
