//! Generated code without generated files in the repository: a `build.rs` over crdgen.
//!
//! ```no_run
//! // build.rs
//! fn main() -> Result<(), crdgen_build::Error> {
//!     crdgen_build::configure().crds("crds/").compile()
//! }
//! ```
//!
//! ```ignore
//! // src/main.rs
//! mod generated {
//!     include!(concat!(env!("OUT_DIR"), "/crdgen.rs"));
//! }
//! ```
//!
//! The modules below `generated` are those that `crdgen generate` writes as files: group, version, kind. The crate needs
//! what generated code needs: `crdgen-runtime`, for [`Client::Kube`] also `kube` and `k8s-openapi`, for
//! [`KnownTypes::K8sOpenapi`] also `k8s-openapi`, for [`Serde::Derive`] also `serde`.
//!
//! # When it runs
//!
//! Cargo is told of every file that was read, of every folder in which another one would be read too, and of nothing else.
//! So a build without a changed CRD does not run the script at all; if it runs and everything comes out as before, no
//! file is written.
//!
//! # Errors
//!
//! What is wrong in a CRD is an error of cargo's, with file, line and column; all of it is said before the build fails.
//!
//! # Names that stay
//!
//! A type's name depends on what other types there are, and may change when a CRD does. `crdgen generate` keeps names in
//! `crdgen.lock`. A build script does not: it should leave the source tree alone. Who wants both calls
//! [`lock`](Builder::lock), and commits the file.

mod builder;
mod cargo;
mod error;
mod one_file;
mod quiet;
mod run;
mod watch;

use std::path::Path;

pub use builder::Builder;
pub use crdgen::pipeline::Versions;
pub use crdgen_emit::rust::{Apply, Builders, Client, Conversions, KnownTypes, Serde};
pub use error::Error;

/// Begins a configuration: served versions of all kinds, types for `kube`, into `$OUT_DIR/crdgen.rs`.
pub fn configure() -> Builder {
    Builder::default()
}

/// Generates types from CRD files, folders and globs, with nothing configured.
///
/// ```no_run
/// fn main() -> Result<(), crdgen_build::Error> {
///     crdgen_build::compile_crds(["crds/"])
/// }
/// ```
///
/// # Errors
///
/// As [`Builder::compile`].
pub fn compile_crds(inputs: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<(), Error> {
    inputs.into_iter().fold(configure(), |builder, input| builder.crds(input)).compile()
}
