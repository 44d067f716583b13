//! `bytes -> Crd -> Model -> Files`, without touching the disk for output.

use crdgen_emit::{Files, openapi, rust};
use crdgen_model::{Names, Untyped};
use crdgen_schema::{Crd, Diagnostic};

/// Which versions of a CRD to generate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Versions {
    /// Those with `served: true`.
    #[default]
    Served,
    /// The one with `storage: true`.
    Storage,
    /// All.
    All,
    /// Those with these names.
    Named(Vec<String>),
}

/// What to take from the CRDs.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Versions.
    pub versions: Versions,
    /// Kinds (`Kind` or `Kind.group`); all when empty.
    pub kinds: Vec<String>,
}

/// What to emit.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    /// Rust types.
    pub rust: Option<rust::Options>,
    /// The axum API, below the Rust types' folder; needs `rust`.
    pub axum: bool,
    /// The OpenAPI document.
    pub openapi: Option<openapi::Options>,
    /// TypeScript types and client.
    pub typescript: bool,
}

/// What was read.
#[derive(Debug, Default)]
pub struct Input {
    /// CRDs that can be generated, sorted by name.
    pub crds: Vec<Crd>,
    /// Every source with the SHA-256 of its bytes, sorted by name.
    pub sources: Vec<(String, String)>,
    /// Objects that are not CRDs.
    pub skipped: usize,
    /// CRDs that were found and refused.
    pub refused: usize,
    /// Findings, in source order.
    pub diagnostics: Vec<Diagnostic>,
}

/// Everything generated, in memory. Paths are relative to each target's own root.
#[derive(Debug, Default)]
pub struct Output {
    /// Rust types and the axum API.
    pub rust: Files,
    /// One file, `openapi.json`.
    pub openapi: Files,
    /// TypeScript.
    pub typescript: Files,
    /// All names given.
    pub names: Names,
    /// Places that could not be typed.
    pub untyped: Vec<Untyped>,
    /// Number of named types.
    pub types: usize,
}

/// Lowers and emits. Does not depend on the order of `crds`.
pub fn generate(
    _crds: &[Crd],
    _selection: &Selection,
    _targets: &Targets,
    _locked: &Names,
) -> Result<Output, crdgen_emit::Error> {
    todo!()
}
