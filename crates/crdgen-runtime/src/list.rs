//! A page of objects, as every Kubernetes list is written.

use crate::resource::{ApiVersion, ListKindOf, Resource};

/// A list of `K`. `apiVersion` and `kind` are checked when it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct List<K: Resource> {
    /// The `apiVersion` of the kind.
    pub api_version: ApiVersion<K>,
    /// The kind of the list.
    pub kind: ListKindOf<K>,
    /// Where the list stands.
    pub metadata: ListMeta,
    /// The objects.
    pub items: Vec<K>,
}

crate::object! {
    List<K: Resource> {
        defaulted api_version "apiVersion",
        defaulted kind "kind",
        defaulted metadata "metadata",
        required items "items",
    }
}

impl<K: Resource> List<K> {
    /// A page of objects.
    pub fn new(items: Vec<K>, metadata: ListMeta) -> Self {
        Self { api_version: ApiVersion::default(), kind: ListKindOf::default(), metadata, items }
    }
}

/// `metav1.ListMeta`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListMeta {
    /// Token of the next page; absent or empty on the last one.
    pub continue_: Option<String>,
    /// How many objects follow; absent when the server does not know.
    pub remaining_item_count: Option<i64>,
    /// The version that the list shows; a watch can start from it.
    pub resource_version: Option<String>,
}

crate::object! {
    ListMeta {
        optional continue_ "continue",
        optional_integer remaining_item_count "remainingItemCount",
        optional resource_version "resourceVersion",
    }
}
