//! The pipeline behind the command line: read, generate, write.
//!
//! `bytes -> CRDs -> Model -> Files -> disk`: [`pipeline`] goes from the inputs to files in memory, [`output`] from there
//! to the disk. [`config`] and [`cli`] say what is wanted, [`report`] tells how it went.

pub mod cli;
pub mod config;
pub mod digest;
pub mod lock;
pub mod output;
pub mod pipeline;
pub mod project;
pub mod report;

mod toml_place;
