//! Where objects of a kind are, as the path of a request has it.

use crate::Resource;
use crate::backend::{Name, Namespace};

/// The objects that a request is about. Its texts are checked names, so none of them can leave its segment of the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Those of a namespace.
    Namespace(Namespace),
    /// Those of all namespaces, or of a kind that has none.
    Cluster,
}

/// Which part of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Main,
    Status,
    Scale,
}

impl Place {
    /// The place that a backend's calls name.
    #[cfg(feature = "kube")]
    pub fn of(namespace: Option<&Namespace>) -> Self {
        namespace.cloned().map_or(Self::Cluster, Self::Namespace)
    }

    /// The path of all objects.
    pub fn all<K: Resource>(&self) -> String {
        let (group, version, plural) = (K::GROUP, K::VERSION, K::PLURAL);
        match self {
            Self::Namespace(namespace) => format!("/apis/{group}/{version}/namespaces/{namespace}/{plural}"),
            Self::Cluster => format!("/apis/{group}/{version}/{plural}"),
        }
    }

    /// The path of an object.
    pub fn one<K: Resource>(&self, name: &Name, part: Part) -> String {
        let suffix = match part {
            Part::Main => "",
            Part::Status => "/status",
            Part::Scale => "/scale",
        };
        format!("{}/{name}{suffix}", self.all::<K>())
    }
}
