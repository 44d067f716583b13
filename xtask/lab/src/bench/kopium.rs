//! kopium, an established generator of Rust types from CRDs: one CRD at a time, types named by their paths, serde
//! derived.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use crdgen_harness::{process, workspace};
use crdgen_schema::Source;

use super::subject::Subject;

/// Version of kopium that is measured.
pub const VERSION: &str = "0.24.1";

/// Installs kopium once, below the target folder. The installation takes a few minutes.
pub fn install() -> Result<PathBuf> {
    install_crate("kopium", VERSION)
}

/// Installs a program from the registry once, with the versions of its own lock file, below the target folder.
pub fn install_crate(name: &str, version: &str) -> Result<PathBuf> {
    let root = workspace::target().join("bench").join(name);
    let program = root.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        eprintln!("installing {name} {version} below {}", root.display());
        let mut cargo = process::cargo();
        cargo.args(["install", "--quiet", name, "--version", version, "--locked", "--root"]).arg(&root);
        process::run(&mut cargo)?;
    }
    Ok(program)
}

/// Returns the files of a crate with kopium's types of a subject: one module for each CRD, with docs and no optional
/// features.
pub fn crate_of(kopium: &Path, subject: &Subject) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    let mut root = "#![allow(warnings)]\n".to_owned();
    for (index, file) in subject.files.iter().enumerate() {
        files.insert(format!("src/m{index}.rs"), generate(kopium, file)?);
        root.push_str(&format!("pub mod m{index};\n"));
    }
    files.insert("src/lib.rs".to_owned(), root);
    Ok(files)
}

fn generate(kopium: &Path, file: &Source) -> Result<String> {
    let path = workspace::scratch("bench/crd.yaml");
    workspace::write(&path, &file.text)?;
    let output = process::capture(Command::new(kopium).arg("--filename").arg(&path).arg("--docs"))?;
    if !output.status.success() {
        bail!("kopium refuses {}: {}", file.name, process::text(&output));
    }
    String::from_utf8(output.stdout).context("kopium writes UTF-8")
}
