//! `bytes -> Crd -> Model -> Files`, without writing to the disk.
//!
//! [`read`] turns input files into CRDs, [`generate`] turns CRDs into files in memory. Neither prints: both
//! return their findings as diagnostics.

mod columns;
mod culprits;
mod custom;
mod docs;
mod isolate;
mod read;
mod select;
mod targets;
mod texts;

use std::collections::{BTreeMap, HashSet};
use std::num::NonZero;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crdgen_emit::{Files, Step, axum, json_schema, openapi, rbac, rust, typescript};
use crdgen_model::{Lowered, Model, Names, Settings, Untyped, lower};
use crdgen_schema::cel::check_crd;
use crdgen_schema::{Crd, Diagnostic, Severity, parallel};

use crate::digest::Digest;
use crate::lock::Target;

pub use crdgen_model::{OperationSettings, Placed, ViewSettings};
pub use culprits::take_culprits;
pub use custom::{Custom, Override};
pub use isolate::panic_message;
pub use read::{load, read};
pub use select::{Selection, Versions};
pub use targets::{Docs, Targets};
pub use texts::Released;

/// CRDs and diagnostics read from the inputs.
#[derive(Debug, Default)]
pub struct Input {
    /// CRDs that can be generated, sorted by name. No two have the same name, and no two define the same kind
    /// of a group.
    pub crds: Vec<Crd>,
    /// Name of every source and the digest of its text, sorted by name.
    pub sources: Vec<(String, Digest)>,
    /// Number of objects that are not CRDs.
    pub skipped: usize,
    /// Number of CRDs that were found and refused.
    pub refused: usize,
    /// Findings, sorted by source and place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Everything generated, in memory. Paths are relative to the root of each target.
#[derive(Debug, Default)]
pub struct Output {
    /// Rust types and the axum API.
    pub rust: Files,
    /// One file, `openapi.json` or `openapi.yaml`.
    pub openapi: Files,
    /// TypeScript types and client.
    pub typescript: Files,
    /// JSON Schemas, two files for each kind.
    pub json_schema: Files,
    /// One file, `rbac.yaml`.
    pub rbac: Files,
    /// Reference pages.
    pub docs: Files,
    /// Names of all kinds and types, for the lock.
    pub names: Names,
    /// Places that could not be typed.
    pub untyped: Vec<Untyped>,
    /// Number of CRDs that were generated.
    pub crds: usize,
    /// Number of named types.
    pub types: usize,
    /// The model that was emitted, independent of any target language.
    pub model: Model,
    /// Warnings about the selection, the project's changes, and the parts that a target leaves out.
    pub diagnostics: Vec<Diagnostic>,
    /// Time that each step took. With several threads, targets are emitted at the same time.
    pub timings: Vec<Timing>,
}

/// Time that a step of a run took.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// Name of the step, such as `model` or `rust`.
    pub step: &'static str,
    /// Elapsed time, not CPU time.
    pub time: Duration,
}

/// Reason why nothing was generated.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The selection names a kind or a version that does not exist, or a change of the project is impossible.
    /// The list also contains the warnings.
    #[error("{}", .0.iter().map(|found| found.message.as_str()).collect::<Vec<_>>().join("; "))]
    Selection(Vec<Diagnostic>),
    /// An emitter failed, which is a defect of crdgen.
    #[error(transparent)]
    Emit(#[from] crdgen_emit::Error),
}

impl Error {
    /// Converts the error into diagnostics.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        match self {
            Self::Selection(found) => found,
            Self::Emit(error) => {
                vec![Diagnostic::error(isolate::code(error.target), error.message).help(isolate::DEFECT)]
            }
        }
    }
}

/// The model of the selected CRDs, and the project's changes to the Rust types.
#[derive(Debug)]
pub struct Modelled {
    /// The model with its names and the path of every field.
    pub lowered: Lowered,
    /// Changes to the Rust types, by type and field.
    pub overrides: rust::Overrides,
    /// Number of CRDs in the model.
    pub crds: usize,
    /// Warnings about the selection and the project's changes.
    pub diagnostics: Vec<Diagnostic>,
}

/// Selects kinds and versions and lowers them to a model. The result does not depend on the order of `crds`.
///
/// # Errors
///
/// Returns [`Error::Selection`] if the selection or a change of the project is wrong, and [`Error::Emit`] if
/// lowering panics.
pub fn model(crds: &[Crd], selection: &Selection, locked: &Names) -> Result<Modelled, Error> {
    modelled(crds, selection, locked, false)
}

fn modelled(crds: &[Crd], selection: &Selection, locked: &Names, no_paths: bool) -> Result<Modelled, Error> {
    let choice = select::select(crds, selection).map_err(Error::Selection)?;
    let custom = &selection.custom;
    let settings = Settings { no_paths, ..custom.settings() };
    let lowered = isolate::contain(Step::Model, || Ok(lower(&choice.crds, locked, &settings)))?;
    let (overrides, found) = custom.rust(&lowered);
    let mut diagnostics = choice.warnings;
    diagnostics.extend(custom::refused(&lowered));
    if let Some(severity) = selection.cel {
        let selected: HashSet<_> = choice.crds.iter().map(|selected| &selected.crd.name).collect();
        let crds = crds.iter().filter(|crd| selected.contains(&crd.name));
        diagnostics.extend(crds.flat_map(|crd| check_crd(crd, severity)));
    }
    diagnostics.extend(found);
    match diagnostics.iter().any(|found| found.severity == Severity::Error) {
        true => Err(Error::Selection(diagnostics)),
        false => Ok(Modelled { lowered, overrides, crds: choice.crds.len(), diagnostics }),
    }
}

/// Selects, lowers and emits. The result does not depend on the order of `crds`.
///
/// # Errors
///
/// Fails as [`model`] does, and with [`Error::Emit`] if an emitter fails or panics.
pub fn generate(crds: &[Crd], selection: &Selection, targets: &Targets, locked: &Names) -> Result<Output, Error> {
    let made = Mutex::new(BTreeMap::<Target, Files>::new());
    let keep =
        |target, files| made.lock().unwrap_or_else(PoisonError::into_inner).entry(target).or_default().extend(files);
    let output = generate_into(&keep, NonZero::<usize>::MIN, crds, selection, targets, locked)?;
    let mut made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut of = |target| made.remove(&target).unwrap_or_default();
    Ok(Output {
        rust: of(Target::Rust),
        openapi: of(Target::OpenApi),
        typescript: of(Target::TypeScript),
        json_schema: of(Target::JsonSchema),
        rbac: of(Target::Rbac),
        docs: of(Target::Docs),
        ..output
    })
}

/// Receiver of generated files. Files of a target may come in several parts, and from several threads.
pub type Sink<'s> = &'s (dyn Fn(Target, Files) + Sync);

/// Does what [`generate`] does on at most `threads` threads, and hands the files of each part to `sink` as soon as they are made.
/// The files of the returned output are empty. The result does not depend on the number of threads.
///
/// # Errors
///
/// Fails as [`generate`] does. Files that were handed over before the failure must not be used.
pub fn generate_into(
    sink: Sink<'_>,
    threads: NonZero<usize>,
    crds: &[Crd],
    selection: &Selection,
    targets: &Targets,
    locked: &Names,
) -> Result<Output, Error> {
    let started = Instant::now();
    // Only the project's changes and the names in the reference pages are found by their paths.
    let no_paths = selection.custom.overrides.is_empty() && !targets.docs.is_some_and(|docs| docs.names);
    let Modelled { lowered, overrides, crds: count, mut diagnostics } = modelled(crds, selection, locked, no_paths)?;
    let lowering = Timing { step: "model", time: started.elapsed() };
    sink(Target::Docs, docs(crds, selection, targets, &lowered)?);
    let Lowered { model, names, untyped, .. } = lowered;
    let mut timings = vec![lowering];
    timings.extend(emit(sink, threads, &model, targets, &overrides)?);
    if targets.typescript.is_some() {
        diagnostics.extend(columns::left_out(crds, &model));
    }
    let types = model.types.len();
    Ok(Output { names, untyped, crds: count, types, model, diagnostics, timings, ..Output::default() })
}

/// Returns the reference pages, if they are asked for.
fn docs(crds: &[Crd], selection: &Selection, targets: &Targets, lowered: &Lowered) -> Result<Files, Error> {
    let Some(options) = targets.docs else { return Ok(Files::new()) };
    let choice = select::select(crds, selection).map_err(Error::Selection)?;
    Ok(isolate::contain(Step::Docs, || Ok(docs::emit(&choice.crds, lowered, options)))?)
}

/// Returns the OpenAPI document in the format of the options, and as the JSON that the axum API serves.
fn documents(model: &Model, targets: &Targets) -> Result<(Files, Option<String>), crdgen_emit::Error> {
    let options = targets.openapi.clone().unwrap_or_default();
    let written = targets.openapi.is_some().then_some(options.format);
    let served = targets.axum.then_some(openapi::Format::Json);
    // One text is both the file and what is served, if the formats are the same.
    let formats = written.into_iter().chain(served.filter(|_| written != served)).collect();
    let mut texts = openapi::texts(model, &options, formats)?;
    let served = targets.axum.then(|| texts.pop()).flatten();
    let text = written.and_then(|_| texts.pop().or_else(|| served.clone()));
    let files = text.map(|text| (options.format.file_name().to_owned(), text)).into_iter().collect();
    Ok((files, served))
}

/// A part of the output that depends on no other part.
#[derive(Clone, Copy)]
enum Part {
    Rust,
    /// The OpenAPI document, and the axum API that serves it.
    Documents,
    TypeScript,
    JsonSchema,
    Rbac,
}

/// Emits every target from one model, and returns the times of the parts.
fn emit(
    sink: Sink<'_>,
    threads: NonZero<usize>,
    model: &Model,
    targets: &Targets,
    overrides: &rust::Overrides,
) -> Result<Vec<Timing>, crdgen_emit::Error> {
    // The parts that take longest begin first.
    let parts = vec![Part::Rust, Part::Documents, Part::TypeScript, Part::JsonSchema, Part::Rbac];
    let timings = parallel::map(threads, parts, |part| {
        let started = Instant::now();
        part.emit(model, targets, overrides, sink)?;
        Ok(Timing { step: part.step(), time: started.elapsed() })
    });
    timings.into_iter().collect()
}

impl Part {
    fn step(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Documents => "openapi",
            Self::TypeScript => "typescript",
            Self::JsonSchema => "json-schema",
            Self::Rbac => "rbac",
        }
    }

    fn emit(
        self,
        model: &Model,
        targets: &Targets,
        overrides: &rust::Overrides,
        sink: Sink<'_>,
    ) -> Result<(), crdgen_emit::Error> {
        let into = |target| move |path: String, text: String| sink(target, Files::from([(path, text)]));
        match self {
            Self::Rust => {
                if let Some(options) = &targets.rust {
                    let api = if targets.axum { rust::Api::Present } else { rust::Api::Absent };
                    let options = rust::Options { api, overrides: overrides.clone(), ..options.clone() };
                    isolate::contain(Step::Rust, || rust::emit_each(model, &options, &mut into(Target::Rust)))?;
                }
            }
            Self::Documents if targets.openapi.is_some() || targets.axum => {
                let (files, served) = isolate::contain(Step::OpenApi, || documents(model, targets))?;
                sink(Target::OpenApi, files);
                if let Some(openapi) = served {
                    let options = axum::Options { openapi };
                    sink(Target::Rust, isolate::contain(Step::Axum, || axum::emit(model, options))?);
                }
            }
            Self::Documents => {}
            Self::TypeScript => {
                if let Some(options) = &targets.typescript {
                    let mut write = into(Target::TypeScript);
                    isolate::contain(Step::TypeScript, || typescript::emit_each(model, options, &mut write))?;
                }
            }
            Self::JsonSchema => {
                if let Some(options) = &targets.json_schema {
                    let mut write = into(Target::JsonSchema);
                    isolate::contain(Step::JsonSchema, || json_schema::emit_each(model, options, &mut write))?;
                }
            }
            Self::Rbac => {
                if let Some(options) = &targets.rbac {
                    sink(Target::Rbac, isolate::contain(Step::Rbac, || rbac::emit(model, options))?);
                }
            }
        }
        Ok(())
    }
}
