//! `[[rust.override]]`: a project's changes to types and fields, by path.

use std::sync::Arc;

use crdgen_emit::rust::{self, overrides::check};
use crdgen_model::PathPattern;
use crdgen_schema::{Diagnostic, Source};
use serde::{Deserialize, Deserializer, de};
use toml::Spanned;

use crate::pipeline;
use crate::toml_place::{self, placed};

/// Change of a type or a field, by path.
// Rust syntax is checked while it is deserialized, so that an error has its place.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Override {
    /// Path of the type or field, as `crdgen paths` prints it. `*` stands for one property, `**` for any number of them.
    #[cfg_attr(feature = "cli", schemars(with = "String"))]
    path: Spanned<PathPattern>,
    /// Name of the type, in every target.
    #[cfg_attr(feature = "cli", schemars(with = "Option<String>"))]
    name: Option<Spanned<String>>,
    /// Name of the field in Rust.
    #[cfg_attr(feature = "cli", schemars(with = "Option<String>"))]
    field: Option<Spanned<Field>>,
    /// Path of a Rust type that replaces the generated type, for example `::jiff::Timestamp`.
    #[serde(rename = "extern")]
    #[cfg_attr(feature = "cli", schemars(with = "Option<String>"))]
    external: Option<Spanned<External>>,
    /// Traits to derive for the Rust type, in addition to the derives of crdgen, for example `Hash`.
    #[cfg_attr(feature = "cli", schemars(with = "Option<Vec<String>>"))]
    derive: Option<Spanned<Vec<Derive>>>,
    /// Attributes of the Rust type, or of the field if the type of the field has no name.
    #[cfg_attr(feature = "cli", schemars(with = "Option<Vec<String>>"))]
    attributes: Option<Spanned<Vec<Attribute>>>,
    /// Whether the property is left out, in every target; off by default.
    #[serde(default)]
    skip: bool,
    /// Rust form of the union of fields at the path. Default: `rust.unions`.
    unions: Option<rust::Unions>,
}

/// Defines a string type whose text is checked when it is deserialized.
macro_rules! checked {
    ($name:ident, $check:path) => {
        #[derive(Clone, Debug)]
        struct $name(String);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                $check(&text).map_err(de::Error::custom)?;
                Ok(Self(text))
            }
        }
    };
}

checked!(Field, check::field);
checked!(External, check::external);
checked!(Derive, check::derive);
checked!(Attribute, check::attribute);

impl Override {
    /// Returns a problem of the override that TOML and serde cannot detect.
    pub(super) fn problem(&self, source: &Arc<Source>) -> Option<Diagnostic> {
        let changes = self.name.is_some()
            || self.field.is_some()
            || self.external.is_some()
            || self.derive.is_some()
            || self.attributes.is_some()
            || self.unions.is_some();
        let message = match (changes, self.skip) {
            (false, false) => "the override changes nothing",
            (true, true) => "the override both skips and changes the property",
            _ => return None,
        };
        let span = toml_place::span(&source.text, self.path.span().start);
        let help =
            "beside `path`, write `skip = true` or some of `name`, `field`, `extern`, `derive`, `attributes`, `unions`";
        Some(Diagnostic::error("config::override", message).at(source, span).help(help))
    }

    pub(super) fn placed(&self, source: &Arc<Source>) -> pipeline::Override {
        pipeline::Override {
            path: placed(&self.path, source, Clone::clone),
            name: self.name.as_ref().map(|name| placed(name, source, Clone::clone)),
            field: self.field.as_ref().map(|field| placed(field, source, |field| field.0.clone())),
            external: self.external.as_ref().map(|external| placed(external, source, |external| external.0.clone())),
            derives: self.derive.as_ref().map(|derives| {
                placed(derives, source, |derives| derives.iter().map(|derive| derive.0.clone()).collect())
            }),
            attributes: self.attributes.as_ref().map(|attributes| {
                placed(attributes, source, |attributes| {
                    attributes.iter().map(|attribute| attribute.0.clone()).collect()
                })
            }),
            skip: self.skip,
            unions: self.unions,
        }
    }
}
