//! A CustomResourceDefinition of `apiextensions.k8s.io/v1`, read from a document.

mod duplicate;
mod find;
mod limits;
#[cfg(feature = "source")]
mod load;
mod pruned;
mod read;
mod version;

use std::sync::Arc;

use crate::{Schema, Source, Span};

pub use find::{Found, crds};
#[cfg(feature = "source")]
pub use load::load;

/// One CustomResourceDefinition.
#[derive(Clone, Debug)]
pub struct Crd {
    /// The file it was read from.
    pub source: Arc<Source>,
    /// Where the object starts.
    pub span: Span,
    /// `metadata.name`, `plural.group`.
    pub name: String,
    /// `spec.group`.
    pub group: String,
    /// `spec.names`.
    pub names: Names,
    /// `spec.scope`.
    pub scope: Scope,
    /// `spec.versions`, as written.
    pub versions: Vec<Version>,
    /// `spec.conversion.strategy`.
    pub conversion: Conversion,
}

/// How an object of one version becomes one of another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Conversion {
    /// Only its `apiVersion` changes; what the other version's schema does not have is pruned.
    #[default]
    None,
    /// A webhook knows.
    Webhook,
}

/// `spec.names`, with the API server's defaults filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// `kind`.
    pub kind: String,
    /// `plural`.
    pub plural: String,
    /// `singular`; lower-cased kind when absent.
    pub singular: String,
    /// `listKind`; kind + `List` when absent.
    pub list_kind: String,
    /// `shortNames`.
    pub short_names: Vec<String>,
    /// `categories`.
    pub categories: Vec<String>,
}

/// `spec.scope`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Objects live in a namespace.
    Namespaced,
    /// Objects live in the cluster.
    Cluster,
}

/// One of `spec.versions`.
#[derive(Clone, Debug)]
pub struct Version {
    /// Where it starts.
    pub span: Span,
    /// `name`, for example `v1beta1`.
    pub name: String,
    /// `served`.
    pub served: bool,
    /// `storage`.
    pub storage: bool,
    /// `deprecated`, with `deprecationWarning` or the empty string.
    pub deprecated: Option<String>,
    /// `schema.openAPIV3Schema`.
    pub schema: Schema,
    /// `subresources.status` is present.
    pub status: bool,
    /// `subresources.scale`.
    pub scale: Option<Scale>,
    /// `additionalPrinterColumns`.
    pub columns: Vec<Column>,
    /// `selectableFields[].jsonPath`.
    pub selectable_fields: Vec<String>,
}

/// `subresources.scale`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    /// `specReplicasPath`, for example `.spec.replicas`.
    pub spec_replicas_path: String,
    /// `statusReplicasPath`.
    pub status_replicas_path: String,
    /// `labelSelectorPath`.
    pub label_selector_path: Option<String>,
}

/// One of `additionalPrinterColumns`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// `name`.
    pub name: String,
    /// `type`.
    pub type_: String,
    /// `format`.
    pub format: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `jsonPath`.
    pub json_path: String,
    /// `priority`; 0 when absent.
    pub priority: i64,
    /// The place of `jsonPath`.
    pub span: Span,
}
