//! Kubernetes list: a page of objects and its metadata.

use crate::resource::{ApiVersion, ListKindOf, Resource};

/// List of `K`. Reading fails when `apiVersion` or `kind` is present and has another value.
#[derive(Clone, Debug, PartialEq)]
pub struct List<K: Resource> {
    /// `apiVersion` of the kind.
    pub api_version: ApiVersion<K>,
    /// `kind` of the list, for example `PipelineRunList`.
    pub kind: ListKindOf<K>,
    /// Metadata of the list: resourceVersion and continue token.
    pub metadata: ListMeta,
    /// Objects of this page.
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
    /// Creates a list of `items`.
    pub fn new(items: Vec<K>, metadata: ListMeta) -> Self {
        Self { api_version: ApiVersion::default(), kind: ListKindOf::default(), metadata, items }
    }
}

/// Metadata of a list (`metav1.ListMeta`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListMeta {
    /// Continue token of the next page. Absent or empty on the last page.
    pub continue_: Option<String>,
    /// Number of objects after this page. Absent when the server does not know it.
    pub remaining_item_count: Option<i64>,
    /// resourceVersion of the list. A watch can start after this version.
    pub resource_version: Option<String>,
}

crate::object! {
    ListMeta {
        optional continue_ "continue",
        optional_integer remaining_item_count "remainingItemCount",
        optional resource_version "resourceVersion",
    }
}
