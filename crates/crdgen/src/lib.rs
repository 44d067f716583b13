//! The pipeline behind the command line: read, generate, write.
//!
//! `bytes -> CRDs -> Model -> Files -> disk`: [`pipeline`] goes from the inputs to files in memory, [`output`] from there
//! to the disk. [`config`] and `cli` say what is wanted, `report` tells how it went.
//!
//! The command line and what it shows are the feature `cli`, on by default; without it nothing is linked that draws.

#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod digest;
pub mod handover;
pub mod lock;
pub mod output;
pub mod pipeline;
pub mod project;
#[cfg(feature = "cli")]
pub mod report;
pub mod text;
pub mod validate;

mod toml_place;
