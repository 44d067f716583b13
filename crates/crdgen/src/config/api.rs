//! `[api]`: operations of each kind in the HTTP API, for every target.

use std::collections::BTreeSet;
use std::sync::Arc;

use crdgen_model::ApiOperation;
use crdgen_schema::Source;
use serde::Deserialize;
use toml::Spanned;

use crate::pipeline;
use crate::toml_place::placed;

/// Settings of `[api]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Api {
    /// Operations of every kind that has no entry in `kind`.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(schema_with = "super::schema::operations"))]
    operations: Option<BTreeSet<ApiOperation>>,
    /// Whether the API has `GET /permissions`, which tells callers the operations that they may run; off by default.
    #[serde(default)]
    pub(super) permissions: bool,
    /// Operations of single kinds.
    #[serde(default)]
    kind: Vec<Kind>,
}

/// Operations of one kind.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Kind {
    /// Kind, as `Kind` or `Kind.group`.
    #[cfg_attr(feature = "cli", schemars(with = "String"))]
    kind: Spanned<String>,
    /// All operations of the kind.
    #[cfg_attr(feature = "cli", schemars(schema_with = "super::schema::operations"))]
    operations: BTreeSet<ApiOperation>,
}

impl Api {
    pub(super) fn placed(&self, source: &Arc<Source>) -> Vec<pipeline::OperationSettings> {
        let of_all = self
            .operations
            .iter()
            .map(|written| pipeline::OperationSettings { kind: None, operations: written.clone() });
        let of_kinds = self.kind.iter().map(|Kind { kind, operations }| pipeline::OperationSettings {
            kind: Some(placed(kind, source, Clone::clone)),
            operations: operations.clone(),
        });
        of_all.chain(of_kinds).collect()
    }
}
