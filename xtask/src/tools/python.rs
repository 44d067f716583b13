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
        let folder = workspace::scratch("python");
        let environment = folder.join("venv");
        let bin = environment.join(if cfg!(windows) { "Scripts" } else { "bin" });
        install_once(&folder, &fs::read_to_string(&requirements)?, || {
            process::run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
            let mut pip = Command::new(bin.join("pip"));
            pip.args(["install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(&requirements);
            process::run(&mut pip)
        })?;
        Ok(Ok(Self { bin }))
    }

    /// The OpenAPI validator.
    pub fn openapi_spec_validator(&self) -> Command {
        let mut command = Command::new(self.bin.join("openapi-spec-validator"));
        command.args(["--validation-errors", "all"]);
        command
    }
}
