//! Programs that are linked with musl, so that they need no file of a system.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};
use crdgen_harness::{process, workspace};

/// Builds the program of a package as it is released, for this machine's processor.
pub fn build(package: &str, more: &[&str]) -> Result<PathBuf> {
    let target = format!("{}-unknown-linux-musl", env::consts::ARCH);
    let can_build = has_target(&target)? && process::is_installed("musl-gcc");
    ensure!(can_build, "the build needs `rustup target add {target}` and musl-gcc");
    let mut command = process::cargo();
    command.args(["rustc", "--quiet", "--locked", "--release", "--target", &target]);
    command.args(["--package", package, "--bin", package]).args(more).args(["--", "-C", "strip=symbols"]);
    process::run(&mut command)?;
    Ok(workspace::target().join(target).join("release").join(package))
}

/// Returns whether the standard library for a target is installed.
fn has_target(target: &str) -> Result<bool> {
    let output = process::capture(Command::new("rustc").args(["--print", "target-libdir", "--target", target]))?;
    Ok(Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
}
