//! Handing a document over to other people's generators: for each the config under which its output compiles, and how it
//! is started. `crdgen init` writes these configs, `crdgen client` runs them, and the matrix of `cargo xtask clients` is
//! made with nothing else.

mod generator;
mod recipe;

pub use generator::{Generator, Language, NAMES, UnknownGenerator};
pub use recipe::{NotInstalled, Recipe};
