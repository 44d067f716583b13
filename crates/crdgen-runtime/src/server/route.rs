//! The routes of a kind, those of the Kubernetes API.

use crate::{Resource, Scope};

/// The objects in a namespace; of a cluster-scoped kind, all of them.
pub fn collection<K: Resource>() -> String {
    match K::SCOPE {
        Scope::Namespaced => {
            format!("/apis/{}/{}/namespaces/{{namespace}}/{}", K::GROUP, K::VERSION, K::PLURAL)
        }
        Scope::Cluster => all::<K>(),
    }
}

/// The objects over all namespaces.
pub fn all<K: Resource>() -> String {
    format!("/apis/{}/{}/{}", K::GROUP, K::VERSION, K::PLURAL)
}

/// One object.
pub fn object<K: Resource>() -> String {
    collection::<K>() + "/{name}"
}

/// The status of an object.
pub fn status<K: Resource>() -> String {
    object::<K>() + "/status"
}

/// The scale of an object.
pub fn scale<K: Resource>() -> String {
    object::<K>() + "/scale"
}
