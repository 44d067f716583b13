//! Names that users of generated code write, read from the generated files: every path of every resource with the name
//! of its type, in each target.

mod names;
mod openapi;
mod rust;
mod typescript;

use anyhow::{Context, Result};
use crdgen::pipeline::Output;
use crdgen_emit::Files;

pub use names::Surface;

/// A surface with the name of its target.
pub type Named = (&'static str, Surface);

/// Returns the names in all generated files, by target.
pub fn surfaces(output: &Output) -> Result<Vec<Named>> {
    type Read = fn(&Files) -> Result<Surface>;
    let targets: [(&'static str, &Files, Read); 3] = [
        ("OpenAPI", &output.openapi, openapi::surface),
        ("Rust", &output.rust, rust::surface),
        ("TypeScript", &output.typescript, typescript::surface),
    ];
    let there = targets.into_iter().filter(|(_, files, _)| !files.is_empty());
    there.map(|(name, files, read)| Ok((name, read(files).context(name)?.finished()))).collect()
}
