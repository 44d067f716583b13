//! A page of objects, as every Kubernetes list is written.

use serde::{Deserialize, Serialize};

use crate::resource::{ApiVersion, ListKindOf, Resource};

/// A list of `K`. `apiVersion` and `kind` are checked when it is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound = "")]
pub struct List<K: Resource> {
    /// The `apiVersion` of the kind.
    #[serde(default)]
    pub api_version: ApiVersion<K>,
    /// The kind of the list.
    #[serde(default)]
    pub kind: ListKindOf<K>,
    /// Where the list stands.
    #[serde(default)]
    pub metadata: ListMeta,
    /// The objects.
    pub items: Vec<K>,
}

impl<K: Resource> List<K> {
    /// A page of objects.
    pub fn new(items: Vec<K>, metadata: ListMeta) -> Self {
        Self { api_version: ApiVersion::default(), kind: ListKindOf::default(), metadata, items }
    }
}

/// `metav1.ListMeta`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListMeta {
    /// Token of the next page; absent or empty on the last one.
    #[serde(rename = "continue", default, skip_serializing_if = "Option::is_none")]
    pub continue_: Option<String>,
    /// How many objects follow; absent when the server does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining_item_count: Option<i64>,
    /// The version that the list shows; a watch can start from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_version: Option<String>,
}
