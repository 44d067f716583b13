//! Views: types that read only some fields of a kind, and lists of them.
//!
//! Everything else is passed over while parsing, so a list of views costs what is read of it and not what is stored.

use serde::de::DeserializeOwned;
use serde::ser::Serialize;

use crate::list::ListMeta;
use crate::resource::{ApiVersion, ListKindOf, Resource};

/// A type that reads only some fields of a kind. It cannot be written: what it does not read would be lost.
pub trait View: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The kind.
    type Of: Resource;
    /// What it reads, for example `spec.pipelineRef.name`.
    const FIELDS: &'static [&'static str];
    /// The path segment of its routes, beside the kind's own plural.
    const PLURAL: &'static str;

    /// The view of an object at hand.
    ///
    /// # Errors
    ///
    /// When the object holds what the view cannot; both come from one schema, so they are generated apart.
    fn of(object: &Self::Of) -> Result<Self, serde_json::Error> {
        serde_json::from_value(serde_json::to_value(object)?)
    }
}

/// A list of views. `apiVersion` and `kind` are those of the kind's list, and checked when it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewList<V: View> {
    /// The `apiVersion` of the kind.
    pub api_version: ApiVersion<V::Of>,
    /// The kind of the list.
    pub kind: ListKindOf<V::Of>,
    /// Where the list stands.
    pub metadata: ListMeta,
    /// The views.
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
    /// A page of views.
    pub fn new(items: Vec<V>, metadata: ListMeta) -> Self {
        Self { api_version: ApiVersion::default(), kind: ListKindOf::default(), metadata, items }
    }
}
