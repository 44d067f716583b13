//! The routes of a kind, those of the Kubernetes API, and of its views, which stand beside them.

use crate::{Resource, Scope, View};

/// The objects in a namespace; of a cluster-scoped kind, all of them.
pub fn collection<K: Resource>() -> String {
    in_namespace::<K>(K::PLURAL)
}

/// The objects over all namespaces.
pub fn all<K: Resource>() -> String {
    anywhere::<K>(K::PLURAL)
}

/// What happens to the objects of a [`collection`].
pub fn changes<K: Resource>() -> String {
    changes_in_namespace::<K>(K::PLURAL)
}

/// What happens to the objects over all namespaces.
pub fn all_changes<K: Resource>() -> String {
    changes_anywhere::<K>(K::PLURAL)
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

/// What a view reads of the objects in a namespace; of a cluster-scoped kind, of all of them.
pub fn view_collection<V: View>() -> String {
    in_namespace::<V::Of>(V::PLURAL)
}

/// What a view reads of the objects over all namespaces.
pub fn view_all<V: View>() -> String {
    anywhere::<V::Of>(V::PLURAL)
}

/// What a view reads of one object.
pub fn view_object<V: View>() -> String {
    view_collection::<V>() + "/{name}"
}

/// What happens to what a view reads of the objects of a [`view_collection`].
pub fn view_changes<V: View>() -> String {
    changes_in_namespace::<V::Of>(V::PLURAL)
}

/// What happens to what a view reads of the objects over all namespaces.
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
