//! `[[view]]`: a type that reads only some fields of a kind.

use std::sync::Arc;

use crdgen_schema::Source;
use serde::Deserialize;
use toml::Spanned;

use crate::pipeline;
use crate::toml_place::placed;

/// Type that reads only some fields of a kind.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct View {
    /// Kind that the view reads, as `Kind` or `Kind.group`.
    #[cfg_attr(feature = "cli", schemars(with = "String"))]
    kind: Spanned<String>,
    /// Name of the view's type.
    #[cfg_attr(feature = "cli", schemars(with = "String"))]
    name: Spanned<String>,
    /// Paths of the fields, for example `spec.size`.
    #[cfg_attr(feature = "cli", schemars(with = "Vec<String>"))]
    fields: Vec<Spanned<String>>,
    /// Path segment of the view's routes; the lower-case plural of the name by default.
    #[cfg_attr(feature = "cli", schemars(with = "Option<String>"))]
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
