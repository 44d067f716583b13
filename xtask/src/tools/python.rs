//! Programs from PyPI, each set in a virtual environment of its own.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::{Missing, Tool, install_once};
use crate::{process, workspace};

/// A virtual environment with the packages of a file in `xtask/python`.
pub struct Python {
    bin: PathBuf,
}

impl Python {
    /// What checks generated files.
    pub fn set_up() -> Result<Tool<Self>> {
        Self::environment("python", "requirements.txt")
    }

    /// What generated names are compared with.
    pub fn datamodel() -> Result<Tool<Self>> {
        Self::environment("datamodel", "datamodel.txt")
    }

    /// Makes the environment if that was not done yet.
    fn environment(name: &str, requirements: &str) -> Result<Tool<Self>> {
        if !process::is_installed("python3") {
            return Ok(Err(Missing("Python 3 is not installed")));
        }
        let requirements = workspace::root().join("xtask/python").join(requirements);
        let bin = if cfg!(windows) { "venv/Scripts" } else { "venv/bin" };
        let folder = install_once(name, &fs::read_to_string(&requirements)?, |folder| {
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

    /// datamodel-code-generator, for JSON Schema and with its defaults.
    pub fn datamodel_codegen(&self) -> Command {
        let mut command = Command::new(self.bin.join("datamodel-codegen"));
        command.args(["--input-file-type", "jsonschema"]);
        command
    }
}
