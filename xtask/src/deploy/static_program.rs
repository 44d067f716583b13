//! Programs that are linked with musl, so that they need no file of a system.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};
use crdgen_harness::{process, workspace};

/// Builds the program of a package as it is released, for this machine's processor.
pub fn build(package: &str, more: &[&str]) -> Result<PathBuf> {
    let target = format!("{}-unknown-linux-musl", env::consts::ARCH);
    let mut command = process::cargo();
    command.args(["rustc", "--quiet", "--locked", "--release", "--target", &target]);
    command.args(["--package", package, "--bin", package]).args(more).args(["--", "-C", "strip=symbols"]);
    let advice = || format!("the build needs `rustup target add {target}` and musl-gcc");
    process::run(&mut command).with_context(advice)?;
    Ok(workspace::target().join(target).join("release").join(package))
}
