//! CustomResourceDefinitions of `apiextensions.k8s.io/v1`, read from documents.

mod candidate;
mod duplicate;
mod find;
mod limits;
#[cfg(feature = "source")]
mod load;
mod pruned;
mod read;
mod version;

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::{Schema, Source, Span};

pub use find::{Found, crds};
#[cfg(feature = "source")]
pub use load::{load, load_on};

/// One CustomResourceDefinition.
#[derive(Clone, Debug)]
pub struct Crd {
    /// Source that the CRD was read from.
    pub source: Arc<Source>,
    /// Position of the CRD in its source.
    pub span: Span,
    /// `metadata.name`: `{plural}.{group}`, for example `boats.example.com`.
    pub name: String,
    /// `spec.group`, for example `example.com`.
    pub group: String,
    /// `spec.names`.
    pub names: Names,
    /// `spec.scope`: whether objects have a namespace.
    pub scope: Scope,
    /// `spec.versions`, in the order of the CRD.
    pub versions: Vec<Version>,
    /// `spec.conversion.strategy`. Default: `None`.
    pub conversion: Conversion,
    /// `spec.conversion.webhook`: address and certificates of the conversion webhook.
    pub webhook: Option<Json>,
    /// `metadata.annotations` whose values are text, in source order.
    pub annotations: IndexMap<String, String>,
}

/// Strategy for converting objects between the versions of a CRD.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Conversion {
    /// Changes `apiVersion` only. Fields that the target version does not declare are pruned.
    #[default]
    None,
    /// Calls the CRD's conversion webhook.
    Webhook,
}

/// `spec.names`, with the API server's defaults filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// `kind`, for example `Boat`.
    pub kind: String,
    /// `plural`, as in request paths, for example `boats`.
    pub plural: String,
    /// `singular`. Default: the kind in lower case.
    pub singular: String,
    /// `listKind`. Default: the kind followed by `List`.
    pub list_kind: String,
    /// `shortNames`, the abbreviations that kubectl accepts.
    pub short_names: Vec<String>,
    /// `categories`: groups of resources such as `all` that contain the kind.
    pub categories: Vec<String>,
}

/// `spec.scope`: whether objects have a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Every object is in a namespace.
    Namespaced,
    /// Objects have no namespace.
    Cluster,
}

/// Entry of `spec.versions`.
#[derive(Clone, Debug)]
pub struct Version {
    /// Position of the version in its source.
    pub span: Span,
    /// `name`, for example `v1beta1`.
    pub name: String,
    /// `served`: whether the API server answers requests for the version.
    pub served: bool,
    /// `storage`: whether objects are stored as this version.
    pub storage: bool,
    /// `deprecationWarning` if `deprecated` is true; an empty string if there is no warning.
    pub deprecated: Option<String>,
    /// `schema.openAPIV3Schema`.
    pub schema: Arc<Schema>,
    /// Whether the version has the status subresource (`subresources.status`).
    pub status: bool,
    /// `subresources.scale`, if the version has the scale subresource.
    pub scale: Option<Scale>,
    /// `additionalPrinterColumns`, in the order of the CRD.
    pub columns: Vec<Column>,
    /// `selectableFields[].jsonPath`, for example `.spec.color`.
    pub selectable_fields: Vec<String>,
}

/// Field paths of the scale subresource (`subresources.scale`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    /// `specReplicasPath`, for example `.spec.replicas`.
    pub spec_replicas_path: String,
    /// `statusReplicasPath`, for example `.status.replicas`.
    pub status_replicas_path: String,
    /// `labelSelectorPath`, for example `.status.selector`.
    pub label_selector_path: Option<String>,
}

/// Printer column: an entry of `additionalPrinterColumns`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// `name`, the heading of the column.
    pub name: String,
    /// `type`: `integer`, `number`, `string`, `boolean` or `date`.
    pub type_: String,
    /// `format`, for example `int32` or `password`.
    pub format: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `jsonPath` of the value, for example `.spec.replicas`.
    pub json_path: String,
    /// `priority`. Default: 0. kubectl shows columns above 0 only with `-o wide`.
    pub priority: i64,
    /// The place of `jsonPath`.
    pub span: Span,
}
