//! Programs from PyPI, each in its own virtual environment.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{Missing, Tool, install_once};
use crate::{process, workspace};

/// A virtual environment with the packages of a requirements file.
pub struct Python {
    bin: PathBuf,
}

impl Python {
    /// Sets up the tools that check generated files.
    pub fn set_up() -> Result<Tool<Self>> {
        Self::environment("python", "python/requirements.txt")
    }

    /// Sets up datamodel-code-generator, with which generated names are compared.
    pub fn datamodel() -> Result<Tool<Self>> {
        Self::environment("datamodel", "python/datamodel.txt")
    }

    /// Sets up OpenAPI Generator and the packages that its Python clients import.
    pub fn clients() -> Result<Tool<Self>> {
        Self::environment("clients-python", "clients/python/requirements.txt")
    }

    /// Sets up schemathesis, which tests a service against its OpenAPI document.
    pub fn schemathesis() -> Result<Tool<Self>> {
        Self::environment("schemathesis", "clients/python/schemathesis.txt")
    }

    /// Returns the folder of the programs.
    pub fn programs(&self) -> &Path {
        &self.bin
    }

    /// Returns the path of a file in an installed package.
    pub fn file(&self, name: &str) -> Result<PathBuf> {
        let found = self.site_packages()?.join(name);
        found.exists().then_some(found).with_context(|| format!("{name} is not installed"))
    }

    /// Returns the version of a package, by the name of its folder; empty if the package is not installed.
    pub fn version(&self, package: &str) -> String {
        let named =
            |name: &str| Some(name.strip_prefix(package)?.strip_prefix('-')?.strip_suffix(".dist-info")?.to_owned());
        let folders = self.site_packages().and_then(|folder| Ok(fs::read_dir(folder)?));
        let names = folders.into_iter().flatten().flatten().map(|entry| entry.file_name());
        names.filter_map(|name| named(&name.to_string_lossy())).next().unwrap_or_default()
    }

    /// Returns `lib/pythonX.Y/site-packages` or `Lib/site-packages`.
    fn site_packages(&self) -> Result<PathBuf> {
        let environment = self.bin.parent().context("an environment has a folder")?;
        let versions = fs::read_dir(environment.join("lib"))?.flatten().map(|entry| entry.path().join("site-packages"));
        let mut folders = versions.chain([environment.join("Lib/site-packages")]);
        folders.find(|folder| folder.is_dir()).context("the environment has no packages")
    }

    /// Creates an environment if necessary.
    fn environment(name: &str, requirements: &str) -> Result<Tool<Self>> {
        if !process::is_installed("python3") {
            return Ok(Err(Missing("Python 3 is not installed")));
        }
        let requirements = workspace::root().join("xtask").join(requirements);
        let bin = if cfg!(windows) { "venv/Scripts" } else { "venv/bin" };
        let folder = install_once(name, &fs::read_to_string(&requirements)?, |folder| {
            process::run(Command::new("python3").args(["-m", "venv"]).arg(folder.join("venv")))?;
            let mut pip = Command::new(folder.join(bin).join("pip"));
            pip.args(["install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(&requirements);
            process::run(&mut pip)
        })?;
        Ok(Ok(Self { bin: folder.join(bin) }))
    }

    /// Returns the command for the OpenAPI validator.
    pub fn openapi_spec_validator(&self) -> Command {
        let mut command = Command::new(self.bin.join("openapi-spec-validator"));
        command.args(["--validation-errors", "all"]);
        command
    }

    /// Returns the command for datamodel-code-generator with JSON Schema input and its other defaults.
    pub fn datamodel_codegen(&self) -> Command {
        let mut command = Command::new(self.bin.join("datamodel-codegen"));
        command.args(["--input-file-type", "jsonschema"]);
        command
    }
}
