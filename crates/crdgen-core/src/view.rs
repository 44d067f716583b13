//! Views: types that read only some fields of a kind, and lists of them.
//!
//! All other fields are skipped while parsing. The cost of a list of views depends on the fields that the view reads.

use serde::de::DeserializeOwned;
use serde::ser::Serialize;

use crate::list::ListMeta;
use crate::resource::{ApiVersion, ListKindOf, Resource};

/// Type that reads only some fields of a kind. A view cannot be stored, since the other fields would be lost.
pub trait View: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// Kind of the objects.
    type Of: Resource;
    /// Paths of the fields that the view reads, for example `spec.pipelineRef.name`.
    const FIELDS: &'static [&'static str];
    /// URL path segment of the view's routes. Takes the place of the kind's plural.
    const PLURAL: &'static str;

    /// Returns the view of `object`.
    ///
    /// # Errors
    ///
    /// Fails when the view's type cannot hold the fields of `object`. This happens only when both types were generated
    /// from different schemas.
    fn of(object: &Self::Of) -> Result<Self, serde_json::Error> {
        serde_json::from_value(serde_json::to_value(object)?)
    }
}

/// List of views. Reading fails when `apiVersion` or `kind` is present and is not that of the kind's list.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewList<V: View> {
    /// `apiVersion` of the kind.
    pub api_version: ApiVersion<V::Of>,
    /// `kind` of the kind's list.
    pub kind: ListKindOf<V::Of>,
    /// Metadata of the list: resourceVersion and continue token.
    pub metadata: ListMeta,
    /// Views of this page.
    pub items: Vec<V>,
}

crate::object! {
    ViewList<V: View> {
        defaulted api_version "apiVersion",
        defaulted kind "kind",
        defaulted metadata "metadata",
        required items "items",
    }
}

impl<V: View> ViewList<V> {
    /// Creates a list of `items`.
    pub fn new(items: Vec<V>, metadata: ListMeta) -> Self {
        Self { api_version: ApiVersion::default(), kind: ListKindOf::default(), metadata, items }
    }
}
