//! `tsc` and `redocly` from npm.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::{Missing, Tool, install_once};
use crate::{process, workspace};

/// Packages of `xtask/node/package-lock.json`.
pub struct Node {
    bin: PathBuf,
}

/// Returns the reason why npm packages cannot be used, if there is one.
pub fn missing() -> Option<Missing> {
    let is_there = process::is_installed("node") && process::is_installed("npm");
    (!is_there).then_some(Missing("Node.js with npm is not installed"))
}

/// Installs the packages of `xtask/{name}/package-lock.json` if necessary, and returns their folder.
pub fn packages(name: &str) -> Result<Tool<PathBuf>> {
    if let Some(missing) = missing() {
        return Ok(Err(missing));
    }
    let from = workspace::root().join("xtask").join(name);
    let lock = fs::read_to_string(from.join("package-lock.json"))?;
    let folder = install_once(&format!("npm-{name}"), &lock, |folder| {
        for file in ["package.json", "package-lock.json", ".npmrc"] {
            fs::copy(from.join(file), folder.join(file))?;
        }
        process::run(Command::new("npm").args(["ci", "--loglevel=error"]).current_dir(folder))
    })?;
    Ok(Ok(folder))
}

impl Node {
    /// Installs the packages if necessary.
    pub fn set_up() -> Result<Tool<Self>> {
        Ok(packages("node")?.map(|folder| Self { bin: folder.join("node_modules/.bin") }))
    }

    /// Returns the folder of the packages.
    pub fn packages(&self) -> &Path {
        self.bin.parent().expect("programs lie among the packages")
    }

    /// Returns the command for the TypeScript compiler on every `.ts` file below a folder, with strict settings.
    pub fn tsc(&self, folder: &Path) -> Result<Command> {
        let project = folder.join("tsconfig.json");
        workspace::write(&project, TSCONFIG)?;
        let mut command = Command::new(self.bin.join("tsc"));
        command.args(["--pretty", "false", "--project"]).arg(project).current_dir(folder);
        Ok(command)
    }

    /// Returns the command for the OpenAPI linter with its recommended rules.
    pub fn redocly(&self) -> Command {
        let mut command = Command::new(self.bin.join("redocly"));
        command.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true").arg("lint");
        command
    }
}

const TSCONFIG: &str = r#"{
  "compilerOptions": {
    "strict": true,
    "noEmit": true,
    "noUncheckedIndexedAccess": true,
    "noImplicitOverride": true,
    "noUnusedLocals": true,
    "noUnusedParameters": true,
    "exactOptionalPropertyTypes": true,
    "verbatimModuleSyntax": true,
    "isolatedModules": true,
    "target": "es2022",
    "lib": ["es2022", "dom", "dom.iterable"],
    "module": "esnext",
    "moduleResolution": "bundler",
    "types": []
  },
  "include": ["**/*.ts"]
}
"#;
