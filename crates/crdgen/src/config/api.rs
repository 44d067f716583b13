//! `[api]`: operations of each kind in the HTTP API, for every target.

use std::collections::BTreeSet;
use std::sync::Arc;

use crdgen_model::ApiOperation;
use crdgen_schema::Source;
use serde::Deserialize;
use toml::Spanned;

use super::placed;
use crate::pipeline;

/// `[api]` as written in the config.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Api {
    /// Operations of every kind that has no entry in `kind`.
    operations: Option<BTreeSet<ApiOperation>>,
    #[serde(default)]
    kind: Vec<Kind>,
}

/// `[[api.kind]]` as written in the config.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    kind: Spanned<String>,
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
