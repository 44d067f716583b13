//! `openapi-spec-validator`, from PyPI.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::{Missing, Tool, install_once};
use crate::{process, workspace};

/// The packages that `xtask/python/requirements.txt` names, in a virtual environment.
pub struct Python {
    bin: PathBuf,
}

impl Python {
    /// Makes the environment if that was not done yet.
    pub fn set_up() -> Result<Tool<Self>> {
        if !process::is_installed("python3") {
            return Ok(Err(Missing("Python 3 is not installed")));
        }
        let requirements = workspace::root().join("xtask/python/requirements.txt");
        let bin = if cfg!(windows) { "venv/Scripts" } else { "venv/bin" };
        let folder = install_once("python", &fs::read_to_string(&requirements)?, |folder| {
            process::run(Command::new("python3").args(["-m", "venv"]).arg(folder.join("venv")))?;
            let mut pip = Command::new(folder.join(bin).join("pip"));
            pip.args(["install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(&requirements);
            process::run(&mut pip)
        })?;
        Ok(Ok(Self { bin: folder.join(bin) }))
    }

    /// The OpenAPI validator.
    pub fn openapi_spec_validator(&self) -> Command {
        let mut command = Command::new(self.bin.join("openapi-spec-validator"));
        command.args(["--validation-errors", "all"]);
        command
    }
}
