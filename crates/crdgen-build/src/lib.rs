//! Code generation in a `build.rs`, without generated files in the repository.
//!
//! ```no_run
//! // build.rs
//! fn main() -> Result<(), crdgen_build::Error> {
//!     crdgen_build::configure().crds("crds/").compile()
//! }
//! ```
//!
//! The crate then includes the file, in `src/main.rs` or `src/lib.rs`:
//!
//! ```
//! # macro_rules! include { ($path:expr) => {} }
//! mod generated {
//!     include!(concat!(env!("OUT_DIR"), "/crdgen.rs"));
//! }
//! ```
//!
//! The modules below `generated` are those that `crdgen generate` writes as files: group, version, kind. The
//! crate needs the dependencies of generated code: `crdgen-runtime`, and depending on the options
//!
//! - `kube` and `k8s-openapi` for [`Client::Kube`],
//! - `k8s-openapi` for [`KnownTypes::K8sOpenapi`],
//! - `serde` for [`Serde::Derive`].
//!
//! # Builds without changes
//!
//! Cargo watches every file that was read, every folder in which a new file would be read too, and nothing
//! else. So cargo does not run the script if no CRD has changed. If the script runs and the code is the same
//! as before, it writes no file.
//!
//! # Errors
//!
//! An error in a CRD is shown by cargo with file, line and column. All errors are shown before the build
//! fails.
//!
//! # Stable names
//!
//! The name of a type depends on the other types, and may change when a CRD changes. `crdgen generate` keeps names in
//! `crdgen.lock`. By default, a build script keeps no names, because it should not write into the source tree. To keep
//! them, call [`lock`](Builder::lock) and commit the lock file.

mod builder;
mod cargo;
mod error;
mod one_file;
mod quiet;
mod run;
mod settings;
mod watch;

use std::path::Path;

pub use builder::Builder;
pub use crdgen::pipeline::Versions;
pub use crdgen_emit::rust::{Apply, Builders, Client, Conversions, Features, KnownTypes, Serde, Unions};
pub use error::Error;

/// Returns a configuration with the defaults: served versions of all kinds, types for `kube`, written to
/// `$OUT_DIR/crdgen.rs`.
pub fn configure() -> Builder {
    Builder::default()
}

/// Generates types from CRD files, folders and globs, with the default configuration.
///
/// ```no_run
/// fn main() -> Result<(), crdgen_build::Error> {
///     crdgen_build::compile_crds(["crds/"])
/// }
/// ```
///
/// # Errors
///
/// Fails as [`Builder::compile`] does.
pub fn compile_crds(inputs: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<(), Error> {
    inputs.into_iter().fold(configure(), |builder, input| builder.crds(input)).compile()
}

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
