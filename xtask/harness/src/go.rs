//! Programs in Go, such as those of Kubernetes. Each is a module in `xtask/go` and is built once, into the user's
//! cache.
//!
//! The module proxy provides the required modules, in the committed versions and with the committed checksums.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::tools::Missing;
use crate::{process, workspace};

/// A module in `xtask/go`.
pub struct Module {
    name: &'static str,
    folder: PathBuf,
}

impl Module {
    /// Returns the module in the folder of this name. Its program has the same name.
    pub fn new(name: &'static str) -> Self {
        Self { name, folder: workspace::root().join("xtask/go").join(name) }
    }

    /// Returns the version of a required module.
    pub fn requires(&self, module: &str) -> Result<String> {
        let manifest = self.read("go.mod")?;
        let found = manifest.lines().find_map(|line| line.trim().strip_prefix(module)?.strip_prefix(' '));
        found.map(str::to_owned).with_context(|| format!("{}/go.mod does not require {module}", self.name))
    }

    /// Returns the program, built with these linker variables. It is built again if the version of Go, the required
    /// modules or the source change.
    pub fn build(&self, variables: &[(&str, &str)]) -> Result<PathBuf> {
        let go = version()?;
        let linked: String = variables.iter().map(|(name, value)| format!(" -X {name}={value}")).collect();
        let mut hash = Sha256::new();
        let mut texts = vec![go.clone(), linked.clone(), self.read("go.mod")?, self.read("go.sum")?];
        for path in workspace::files(&self.folder, "go")? {
            texts.push(fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?);
        }
        for text in &texts {
            hash.update(text);
            hash.update([0]);
        }
        let hash: String = hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let program = cache()?.join(format!("{}-{hash}", self.name)).join(self.name);
        let _alone = workspace::exclusive(self.name)?;
        if !program.exists() {
            eprintln!("building {} with {go}; the first time this takes minutes", self.name);
            self.compile(&program, &format!("-s -w{linked}"))?;
        }
        Ok(program)
    }

    fn compile(&self, program: &Path, linker: &str) -> Result<()> {
        let unfinished = program.with_extension("new");
        let mut command = Command::new("go");
        command.current_dir(&self.folder).env("CGO_ENABLED", "0");
        command.args(["build", "-buildvcs=false", "-trimpath", "-ldflags", linker, "-o"]).arg(&unfinished).arg(".");
        process::run(&mut command)?;
        fs::rename(&unfinished, program).with_context(|| format!("cannot write {}", program.display()))
    }

    fn read(&self, file: &str) -> Result<String> {
        let path = self.folder.join(file);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    }
}

/// Returns the reason why Go programs cannot be built, if Go is missing.
pub fn missing() -> Option<Missing> {
    (!process::is_installed_as("go", "version")).then_some(Missing("Go is not there"))
}

/// Returns the output of `go version`, which includes the platform.
fn version() -> Result<String> {
    let Ok(output) = process::capture(Command::new("go").arg("version")) else {
        bail!("Go is not installed: https://go.dev/doc/install, or `go` of a package manager, 1.26 or later");
    };
    Ok(process::text(&output).trim().to_owned())
}

/// Returns the folder for programs: `crdgen` in the user's cache folder. It is shared by all checkouts.
fn cache() -> Result<PathBuf> {
    let named = |variable| env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = named("XDG_CACHE_HOME").or_else(|| Some(named("HOME")?.join(".cache")));
    Ok(folder.context("neither XDG_CACHE_HOME nor HOME is set")?.join("crdgen"))
}
