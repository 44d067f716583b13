//! `package`: the crates as they would be published, and a crate outside of the workspace that is built from them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use crdgen_harness::{Verdict, process, workspace};
use serde::Deserialize;

/// Package every crate that is published, and build a crate outside of the workspace from the packages.
#[derive(clap::Args)]
pub struct Args {}

/// Example that is built outside, with its build script. It uses the generator and the types.
const EXAMPLE: &str = "examples/build-rs";

/// Manifest of the crate outside, before the paths of the packages. The features of the runtime bring the other crates.
const MANIFEST: &str = r#"[package]
name = "outside"
version = "0.1.0"
edition = "2024"

[workspace]

[dependencies]
crdgen-runtime = { version = "0.1.0", features = ["auth", "cache", "crds", "kube", "memory", "metrics", "tls"] }
k8s-openapi = { version = "0.29", features = ["v1_35"] }
serde_json = "1"

[build-dependencies]
crdgen-build = "0.1.0"

[patch.crates-io]
"#;

pub fn run(_: &Args) -> Result<Verdict> {
    let packages = package()?;
    for (name, file) in &packages {
        println!("{name:<18} {:>6} KiB", fs::metadata(file)?.len() >> 10);
    }
    build(&packages)?;
    println!("{} crates; a crate outside of the workspace was built from them", packages.len());
    Ok(Verdict::Good)
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    /// Registries; empty for `publish = false`, absent for all.
    publish: Option<Vec<String>>,
}

/// Packages the crates, without building them. Returns the files by the names of the crates.
pub fn package() -> Result<BTreeMap<String, PathBuf>> {
    let output = process::capture(process::cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let published: Vec<_> = metadata.packages.into_iter().filter(|package| package.publish.is_none()).collect();
    let command = |offline: Option<&str>| {
        let mut cargo = process::cargo();
        cargo.args(["package", "--quiet", "--no-verify", "--allow-dirty"]).args(offline);
        published.iter().for_each(|package| _ = cargo.args(["--package", &package.name]));
        cargo
    };
    // The index is asked only if what was downloaded does not suffice.
    if !process::capture(&mut command(Some("--offline")))?.status.success() {
        process::run(&mut command(None))?;
    }
    let folder = workspace::target().join("package");
    let file = |package: Package| {
        let file = folder.join(format!("{}-{}.crate", package.name, package.version));
        (package.name, file)
    };
    Ok(published.into_iter().map(file).collect())
}

/// Unpacks the packages below `folder`. Returns the folders by the names of the crates.
pub fn unpack(packages: &BTreeMap<String, PathBuf>, folder: &Path) -> Result<BTreeMap<String, PathBuf>> {
    fs::create_dir_all(folder)?;
    let mut unpacked = BTreeMap::new();
    for (name, file) in packages {
        process::run(Command::new("tar").arg("-xzf").arg(file).arg("-C").arg(folder))?;
        unpacked.insert(name.clone(), folder.join(file.file_stem().context("a package has a name")?));
    }
    Ok(unpacked)
}

/// Tests a crate that depends on the packages, in which no path leads into the workspace.
fn build(packages: &BTreeMap<String, PathBuf>) -> Result<()> {
    let folder = workspace::scratch("package");
    workspace::empty(&folder)?;
    let mut manifest = MANIFEST.to_owned();
    for (name, folder) in unpack(packages, &folder)? {
        manifest.push_str(&format!("{name} = {{ path = {folder:?} }}\n"));
    }
    check_manifests(&folder)?;
    let outside = folder.join("outside");
    let example = workspace::root().join(EXAMPLE);
    for file in ["build.rs", "src/main.rs", "crds/backups.yaml"] {
        workspace::write(&outside.join(file), &fs::read_to_string(example.join(file))?)?;
    }
    workspace::write(&outside.join("Cargo.toml"), &manifest)?;
    // The versions that this workspace is tested with.
    fs::copy(workspace::root().join("Cargo.lock"), outside.join("Cargo.lock"))?;
    let mut cargo = process::cargo();
    cargo.args(["test", "--quiet", "--manifest-path"]).arg(outside.join("Cargo.toml"));
    process::run(cargo.arg("--target-dir").arg(workspace::scratch("package-target")))
}

/// Fails if a packaged manifest has a path, which would not be there for users.
fn check_manifests(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path().join("Cargo.toml");
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let manifest: toml::Table = text.parse().with_context(|| format!("cannot read {}", path.display()))?;
        let has_path = |table: &toml::Value| {
            table.as_table().is_some_and(|table| table.values().any(|value| value.get("path").is_some()))
        };
        if manifest.get("dependencies").is_some_and(has_path) {
            bail!("{} has a dependency with a path", path.display());
        }
    }
    Ok(())
}
