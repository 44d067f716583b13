//! Route templates of a kind, as in the Kubernetes API, and of its views beside them.

use crdgen_core::{Resource, Scope, View};

/// Returns the route of the objects in a namespace, or of all objects of a cluster-scoped kind.
pub fn collection<K: Resource>() -> String {
    in_namespace::<K>(K::PLURAL)
}

/// Returns the route of the objects of all namespaces.
pub fn all<K: Resource>() -> String {
    anywhere::<K>(K::PLURAL)
}

/// Returns the route that watches a [`collection`].
pub fn changes<K: Resource>() -> String {
    changes_in_namespace::<K>(K::PLURAL)
}

/// Returns the route that watches the objects of all namespaces.
pub fn all_changes<K: Resource>() -> String {
    changes_anywhere::<K>(K::PLURAL)
}

/// Returns the route of one object.
pub fn object<K: Resource>() -> String {
    collection::<K>() + "/{name}"
}

/// Returns the route of the status of an object.
pub fn status<K: Resource>() -> String {
    object::<K>() + "/status"
}

/// Returns the route of the scale of an object.
pub fn scale<K: Resource>() -> String {
    object::<K>() + "/scale"
}

/// Returns the route of views of the objects in a namespace, or of all objects of a cluster-scoped kind.
pub fn view_collection<V: View>() -> String {
    in_namespace::<V::Of>(V::PLURAL)
}

/// Returns the route of views of the objects of all namespaces.
pub fn view_all<V: View>() -> String {
    anywhere::<V::Of>(V::PLURAL)
}

/// Returns the route of a view of one object.
pub fn view_object<V: View>() -> String {
    view_collection::<V>() + "/{name}"
}

/// Returns the route that watches a [`view_collection`].
pub fn view_changes<V: View>() -> String {
    changes_in_namespace::<V::Of>(V::PLURAL)
}

/// Returns the route that watches views of the objects of all namespaces.
pub fn view_all_changes<V: View>() -> String {
    changes_anywhere::<V::Of>(V::PLURAL)
}

fn changes_in_namespace<K: Resource>(plural: &str) -> String {
    match K::SCOPE {
        Scope::Namespaced => format!("/apis/{}/{}/watch/namespaces/{{namespace}}/{plural}", K::GROUP, K::VERSION),
        Scope::Cluster => changes_anywhere::<K>(plural),
    }
}

fn changes_anywhere<K: Resource>(plural: &str) -> String {
    format!("/apis/{}/{}/watch/{plural}", K::GROUP, K::VERSION)
}

fn in_namespace<K: Resource>(plural: &str) -> String {
    match K::SCOPE {
        Scope::Namespaced => format!("/apis/{}/{}/namespaces/{{namespace}}/{plural}", K::GROUP, K::VERSION),
        Scope::Cluster => anywhere::<K>(plural),
    }
}

fn anywhere<K: Resource>(plural: &str) -> String {
    format!("/apis/{}/{}/{plural}", K::GROUP, K::VERSION)
}
