//! Support for third-party client generators: for each generator, a config under which its output compiles
//! and the command that runs it. `crdgen init` writes these configs and `crdgen client` runs the generators.
//! `cargo xtask clients` tests exactly these recipes.

mod generator;
mod recipe;

pub use generator::{Generator, Language, NAMES, UnknownGenerator};
pub use recipe::{NotInstalled, Recipe};
