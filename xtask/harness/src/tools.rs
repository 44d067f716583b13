//! Tools that check generated files and are not written in Rust. Each is set up once, below the target folder, in the
//! versions of the committed lock files. A tool that cannot be used is reported and skipped.

pub mod chromium;
pub mod node;
pub mod python;
pub mod web;

pub use node::Node;
pub use python::Python;
pub use web::Web;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::workspace;

/// A tool, or the reason why it cannot be used.
pub type Tool<T> = Result<T, Missing>;

/// Reason why a tool cannot be used.
#[derive(Clone, Copy, Debug)]
pub struct Missing(pub &'static str);

/// Runs `install` in the empty scratch folder `name`, unless an earlier run did so with the same `wanted` text.
pub fn install_once(name: &str, wanted: &str, install: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let _alone = workspace::exclusive(name)?;
    let folder = workspace::scratch(name);
    let stamp = folder.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(folder);
    }
    workspace::empty(&folder)?;
    install(&folder).with_context(|| format!("setting up {}", folder.display()))?;
    workspace::write(&stamp, wanted)?;
    Ok(folder)
}
