//! The collection as a folder, unpacked if it is an archive.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use crdgen_harness::workspace;
use lzma_rust2::XzReader;

/// Returns a folder with a folder for each project.
pub fn open(path: &Path) -> Result<PathBuf> {
    if path.is_dir() {
        return Ok(path.to_owned());
    }
    if !path.exists() {
        bail!("{} is not there: name a folder or a .tar.xz of CRDs with --crds", path.display());
    }
    let folder = workspace::scratch("corpus/crds");
    workspace::empty(&folder)?;
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut archive = tar::Archive::new(XzReader::new(BufReader::new(file), true));
    archive.set_preserve_permissions(false);
    archive.unpack(&folder).with_context(|| format!("cannot unpack {}", path.display()))?;
    Ok(folder)
}
