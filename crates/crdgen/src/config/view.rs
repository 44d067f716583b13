//! `[[view]]`: a type that reads only some fields of a kind.

use std::sync::Arc;

use crdgen_schema::Source;
use serde::Deserialize;
use toml::Spanned;

use super::placed;
use crate::pipeline;

/// `[[view]]` as written in the config.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct View {
    kind: Spanned<String>,
    name: Spanned<String>,
    fields: Vec<Spanned<String>>,
    plural: Option<Spanned<String>>,
}

impl View {
    pub(super) fn placed(&self, source: &Arc<Source>) -> pipeline::ViewSettings {
        let text = |text: &Spanned<String>| placed(text, source, Clone::clone);
        pipeline::ViewSettings {
            kind: text(&self.kind),
            name: text(&self.name),
            fields: self.fields.iter().map(text).collect(),
            plural: self.plural.as_ref().map(text),
        }
    }
}
