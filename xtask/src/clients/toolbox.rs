//! Tools of the matrix, set up below the target folder with the lock files in `xtask/clients`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, anyhow};
use crdgen::external_generators::Generator;
use crdgen_harness::tools::{Missing, Node, Python, Tool, install_once, node};
use crdgen_harness::{process, workspace};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::subject::Subject;

/// Digest of the expected OpenAPI Generator. The lock file of its package has no digests.
const OPENAPI_GENERATOR_SHA256: &str = "1760050094997b9cc790cc1350be095f15da8c08a996b184d3eadc4ccda5e35e";
const PROGENITOR: &str = "0.15.1";

/// Paths of the tools.
pub struct Toolbox {
    npm: PathBuf,
    python: Python,
    checks: Node,
    validator: Python,
    rust: Option<Rust>,
}

/// Tools for generated Rust.
struct Rust {
    packages: PathBuf,
    progenitor: PathBuf,
}

impl Toolbox {
    /// Sets up the tools that these subjects need.
    pub fn new(subjects: &[Subject]) -> Result<Self> {
        let python = there(Python::clients()?)?;
        let jar = python.file("openapi_generator_cli/openapi-generator.jar")?;
        let digest = sha256(&jar)?;
        if digest != OPENAPI_GENERATOR_SHA256 {
            return Err(anyhow!("{} has the digest {digest}", jar.display()));
        }
        let rust = subjects.iter().any(Subject::makes_rust).then(Rust::set_up).transpose()?;
        let (checks, validator) = (there(Node::set_up()?)?, there(Python::set_up()?)?);
        Ok(Self { npm: there(node::packages("clients/node")?)?, python, checks, validator, rust })
    }

    /// Returns the folder for the output, which is below the npm packages so that generated imports find them.
    pub fn work(&self) -> PathBuf {
        self.npm.join("work")
    }

    /// Returns the `PATH` for recipes.
    pub fn path(&self) -> Result<OsString> {
        let known = env::var_os("PATH").unwrap_or_default();
        let own = [self.python.programs().to_owned()].into_iter();
        let own = own.chain(self.rust.as_ref().map(|rust| rust.progenitor.join("bin")));
        Ok(env::join_paths(own.chain(env::split_paths(&known)))?)
    }

    /// Returns the command for a program of an npm package.
    pub fn of_npm(&self, program: &str) -> Command {
        Command::new(self.npm.join("node_modules/.bin").join(program))
    }

    /// Returns the command for Python with the packages that generated clients import.
    pub fn python(&self) -> Command {
        Command::new(self.python.programs().join("python"))
    }

    /// Returns the linter that also checks generated documents in other tasks.
    pub fn checks(&self) -> &Node {
        &self.checks
    }

    /// Returns the validator that also checks generated documents in other tasks.
    pub fn validator(&self) -> &Python {
        &self.validator
    }

    /// Returns the folder of the packages for generated Rust.
    pub fn rust(&self) -> Result<PathBuf> {
        Ok(self.rust.as_ref().context("Rust was not set up")?.packages.clone())
    }

    /// Returns the version of a tool from its package; empty if the package has none.
    pub fn version(&self, subject: Subject) -> String {
        let (folder, package) = match subject {
            Subject::Redocly => (self.checks.packages().to_owned(), "@redocly/cli"),
            Subject::Spectral => (self.npm.join("node_modules"), "@stoplight/spectral-cli"),
            Subject::OpenapiSpecValidator => return self.validator.version("openapi_spec_validator"),
            Subject::Generator(Generator::OpenapiGenerator(_)) => return self.python.version("openapi_generator_cli"),
            Subject::Generator(Generator::Progenitor) => return PROGENITOR.to_owned(),
            Subject::Generator(Generator::HeyApi) => (self.npm.join("node_modules"), "@hey-api/openapi-ts"),
            Subject::Generator(Generator::OpenapiTypescript) => (self.npm.join("node_modules"), "openapi-typescript"),
            Subject::Generator(Generator::Orval) => (self.npm.join("node_modules"), "orval"),
            Subject::Generator(Generator::Kubb) => (self.npm.join("node_modules"), "@kubb/cli"),
        };
        let manifest = fs::read_to_string(folder.join(package).join("package.json")).unwrap_or_default();
        let manifest: Value = serde_json::from_str(&manifest).unwrap_or_default();
        manifest["version"].as_str().unwrap_or_default().to_owned()
    }
}

impl Rust {
    fn set_up() -> Result<Self> {
        let progenitor = install_once("clients-progenitor", PROGENITOR, |folder| {
            let mut command = process::cargo();
            command.args(["install", "--quiet", "--locked", "--debug", "cargo-progenitor", "--version", PROGENITOR]);
            process::run(command.arg("--root").arg(folder).arg("--target-dir").arg(folder.join("target")))?;
            // Only the program is needed; the build takes half a gigabyte.
            Ok(fs::remove_dir_all(folder.join("target"))?)
        })?;
        let from = workspace::root().join("xtask/clients/rust");
        let packages = workspace::scratch("clients-rust");
        for file in ["Cargo.toml", "Cargo.lock", "openapi-generator/Cargo.toml", "progenitor/Cargo.toml"] {
            workspace::write(&packages.join(file), &fs::read_to_string(from.join(file))?)?;
        }
        for package in ["openapi-generator", "progenitor"] {
            let source = Path::new(package).join("src/lib.rs");
            workspace::write(&packages.join(&source), &fs::read_to_string(from.join(&source))?)?;
        }
        Ok(Self { packages, progenitor })
    }
}

fn sha256(file: &Path) -> Result<String> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}

fn there<T>(tool: Tool<T>) -> Result<T> {
    tool.map_err(|Missing(why)| anyhow!("{why}"))
}
