//! The library behind the `crdgen` command: reads CRDs, generates code, and writes it.
//!
//! Data flows `bytes -> CRDs -> Model -> Files -> disk`. [`pipeline`] goes from the inputs to files in
//! memory, [`output`] writes those files to the disk. [`config`] reads `crdgen.toml`, [`project`] joins it
//! with the command line, and [`report`] has findings and their formats.
//!
//! The feature `cli`, on by default, adds the command line and terminal output. Without it the crate links no
//! terminal libraries.

#[cfg(feature = "cli")]
mod cache;
#[cfg(feature = "cli")]
pub mod cli;
pub mod codes;
pub mod config;
#[cfg(feature = "cli")]
pub mod dependencies;
pub mod digest;
pub mod external_generators;
pub mod lint;
pub mod lock;
pub mod output;
pub mod pipeline;
pub mod project;
pub mod report;
#[cfg(feature = "cli")]
pub mod starter;
pub mod text;
pub mod validate;

mod toml_place;
