//! `[[diff.allow]]`: approved changes of CRDs.

use std::sync::Arc;

use crdgen_schema::{Place, Source};
use serde::Deserialize;
use toml::Spanned;

use crate::toml_place;

/// Settings of `[diff]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Diff {
    /// Approved changes.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(with = "Vec<Allow>"))]
    pub(super) allow: Vec<Spanned<Allow>>,
}

/// Approval of a change that `crdgen diff` reports.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Allow {
    /// Rule, for example `field-removed`.
    pub rule: String,
    /// Name of the CRD, for example `boats.example.com`; every CRD when absent.
    pub crd: Option<String>,
    /// Path of the field, for example `spec.ports[].name`; every field when absent.
    pub path: Option<String>,
    /// Reason for the approval.
    pub reason: String,
    /// Last day on which the approval is valid, for example `2027-01-31`.
    pub expires: Option<String>,
    #[serde(skip)]
    place: Option<Place>,
}

impl Allow {
    /// Returns the place of the entry in the config file.
    pub fn place(&self) -> Option<Place> {
        self.place.clone()
    }
}

impl Diff {
    /// Returns the approvals, each with its place.
    pub(super) fn approvals(&self, source: &Arc<Source>) -> Vec<Allow> {
        let placed = |allow: &Spanned<Allow>| Allow {
            place: Some(Place { source: source.clone(), span: toml_place::span(&source.text, allow.span().start) }),
            ..allow.get_ref().clone()
        };
        self.allow.iter().map(placed).collect()
    }
}
