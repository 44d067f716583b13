//! Container image of the example, built by a Docker engine.

use std::process::Command;

use anyhow::{Context, Result};
use crdgen_harness::{process, workspace};

const TAG: &str = "crdgen-ci-service";

/// Builds the image and returns its size in bytes. `None` if no Docker engine answers.
pub fn build() -> Result<Option<u64>> {
    if !process::is_installed_as("docker", "info") {
        return Ok(None);
    }
    let mut build = docker();
    build.args(["build", "--quiet", "--file", "examples/ci-service/deploy/Dockerfile", "--tag", TAG, "."]);
    process::run(&mut build)?;
    let size = process::capture(docker().args(["image", "inspect", "--format", "{{.Size}}", TAG]))?;
    let text = String::from_utf8_lossy(&size.stdout);
    Ok(Some(text.trim().parse().with_context(|| format!("{text:?} is not a size"))?))
}

fn docker() -> Command {
    let mut command = Command::new("docker");
    command.current_dir(workspace::root());
    command
}
