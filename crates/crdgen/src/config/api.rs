//! `[api]`: which operations the HTTP API of each kind has, in every target.

use std::collections::BTreeSet;
use std::sync::Arc;

use crdgen_model::Offer;
use crdgen_schema::Source;
use serde::Deserialize;
use toml::Spanned;

use super::placed;
use crate::pipeline;

/// As written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Api {
    /// Of every kind that is not in `kind`.
    operations: Option<Vec<Operation>>,
    #[serde(default)]
    kind: Vec<Kind>,
}

/// `[[api.kind]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    kind: Spanned<String>,
    operations: Vec<Operation>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Operation {
    List,
    Get,
    Create,
    Replace,
    Patch,
    Delete,
    Watch,
    Status,
    Scale,
}

impl Api {
    pub(super) fn placed(&self, source: &Arc<Source>) -> Vec<pipeline::Offers> {
        let of_all = self.operations.iter().map(|written| pipeline::Offers { kind: None, offers: offers(written) });
        let of_kinds = self.kind.iter().map(|Kind { kind, operations }| pipeline::Offers {
            kind: Some(placed(kind, source, Clone::clone)),
            offers: offers(operations),
        });
        of_all.chain(of_kinds).collect()
    }
}

fn offers(written: &[Operation]) -> BTreeSet<Offer> {
    let offer = |operation: &Operation| match operation {
        Operation::List => Offer::List,
        Operation::Get => Offer::Get,
        Operation::Create => Offer::Create,
        Operation::Replace => Offer::Replace,
        Operation::Patch => Offer::Patch,
        Operation::Delete => Offer::Delete,
        Operation::Watch => Offer::Watch,
        Operation::Status => Offer::Status,
        Operation::Scale => Offer::Scale,
    };
    written.iter().map(offer).collect()
}
