//! `bytes -> Crd -> Model -> Files`, without touching the disk for output.
//!
//! [`read`] takes files to CRDs, [`generate`] takes CRDs to files in memory. Neither prints: what is wrong is returned.

mod columns;
mod custom;
mod isolate;
mod read;
mod select;

use crdgen_emit::{Files, axum, json_schema, openapi, rbac, rust, typescript};
use crdgen_model::{Lowered, Model, Names, Untyped, lower};
use crdgen_schema::{Crd, Diagnostic, Severity};

use crate::digest::Digest;

pub use custom::{Custom, Offers, Override, Placed, View};
pub use isolate::{panic_message, take_culprits};
pub use read::read;

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
    /// What the project asks for beyond them.
    pub custom: Custom,
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
    pub typescript: Option<typescript::Options>,
    /// JSON Schemas.
    pub json_schema: Option<json_schema::Options>,
    /// Roles with the verbs of the API.
    pub rbac: Option<rbac::Options>,
}

/// What was read.
#[derive(Debug, Default)]
pub struct Input {
    /// CRDs that can be generated, sorted by name; each name and each kind of a group once.
    pub crds: Vec<Crd>,
    /// Every source with the digest of its text, sorted by name.
    pub sources: Vec<(String, Digest)>,
    /// Objects that are not CRDs.
    pub skipped: usize,
    /// CRDs that were found and refused.
    pub refused: usize,
    /// Findings, by source and place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Everything generated, in memory. Paths are relative to each target's own root.
#[derive(Debug, Default)]
pub struct Output {
    /// Rust types and the axum API.
    pub rust: Files,
    /// One file, `openapi.json` or `openapi.yaml`.
    pub openapi: Files,
    /// TypeScript.
    pub typescript: Files,
    /// JSON Schemas, two files a kind.
    pub json_schema: Files,
    /// One file, `rbac.yaml`.
    pub rbac: Files,
    /// All names given.
    pub names: Names,
    /// Places that could not be typed.
    pub untyped: Vec<Untyped>,
    /// Number of CRDs that were generated.
    pub crds: usize,
    /// Number of named types.
    pub types: usize,
    /// What was emitted, in neutral terms.
    pub model: Model,
    /// Warnings of the selection, and of what a target leaves out.
    pub diagnostics: Vec<Diagnostic>,
}

/// Why nothing was generated.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The selection names what is not there, or the project asks for what cannot be. Warnings are among them.
    #[error("{}", .0.iter().map(|found| found.message.as_str()).collect::<Vec<_>>().join("; "))]
    Selection(Vec<Diagnostic>),
    /// An emitter failed: a defect of crdgen.
    #[error(transparent)]
    Emit(#[from] crdgen_emit::Error),
}

impl Error {
    /// As diagnostics, to be shown with all others.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        match self {
            Self::Selection(found) => found,
            Self::Emit(error) => {
                vec![Diagnostic::error(isolate::code(error.target), error.message).help(isolate::DEFECT)]
            }
        }
    }
}

/// CRDs as a model, and what the project changes about it in Rust.
#[derive(Debug)]
pub struct Modelled {
    /// The model with its names and paths.
    pub lowered: Lowered,
    /// Changes of the Rust types.
    pub overrides: rust::Overrides,
    /// Number of CRDs in it.
    pub crds: usize,
    /// Warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// Selects and lowers. Does not depend on the order of `crds`.
pub fn model(crds: &[Crd], selection: &Selection, locked: &Names) -> Result<Modelled, Error> {
    let choice = select::select(crds, selection).map_err(Error::Selection)?;
    let custom = &selection.custom;
    let lowered = isolate::contain("model", || Ok(lower(&choice.crds, locked, &custom.wishes())))?;
    let (overrides, found) = custom.rust(&lowered);
    let mut diagnostics = choice.warnings;
    diagnostics.extend(custom.refused(&lowered));
    diagnostics.extend(found);
    match diagnostics.iter().any(|found| found.severity == Severity::Error) {
        true => Err(Error::Selection(diagnostics)),
        false => Ok(Modelled { lowered, overrides, crds: choice.crds.len(), diagnostics }),
    }
}

/// Selects, lowers and emits. Does not depend on the order of `crds`.
pub fn generate(crds: &[Crd], selection: &Selection, targets: &Targets, locked: &Names) -> Result<Output, Error> {
    let Modelled { lowered, overrides, crds: count, mut diagnostics } = model(crds, selection, locked)?;
    let Lowered { model, names, untyped, .. } = lowered;
    let output = emit(&model, targets, overrides)?;
    if targets.typescript.is_some() {
        diagnostics.extend(columns::left_out(crds, &model));
    }
    Ok(Output { names, untyped, crds: count, types: model.types.len(), model, diagnostics, ..output })
}

/// The document that the API serves: the one that is written, as JSON.
fn served(model: &Model, targets: &Targets) -> Result<String, Error> {
    let options = targets.openapi.clone().unwrap_or_default();
    let options = openapi::Options { format: openapi::Format::Json, ..options };
    let files = isolate::contain("openapi", || openapi::emit(model, &options))?;
    Ok(files.into_values().next().unwrap_or_default())
}

/// Every target from the same model.
fn emit(model: &Model, targets: &Targets, overrides: rust::Overrides) -> Result<Output, Error> {
    let mut output = Output::default();
    if let Some(options) = &targets.rust {
        let api = if targets.axum { rust::Api::Present } else { rust::Api::Absent };
        let options = rust::Options { api, overrides, ..options.clone() };
        output.rust = isolate::contain("rust", || rust::emit(model, &options))?;
    }
    if let Some(options) = &targets.openapi {
        output.openapi = isolate::contain("openapi", || openapi::emit(model, options))?;
    }
    if targets.axum {
        let options = axum::Options { openapi: served(model, targets)? };
        output.rust.extend(isolate::contain("axum", || axum::emit(model, &options))?);
    }
    if let Some(options) = &targets.typescript {
        output.typescript = isolate::contain("typescript", || typescript::emit(model, options))?;
    }
    if let Some(options) = &targets.json_schema {
        output.json_schema = isolate::contain("json-schema", || json_schema::emit(model, options))?;
    }
    if let Some(options) = &targets.rbac {
        output.rbac = isolate::contain("rbac", || rbac::emit(model, options))?;
    }
    Ok(output)
}
