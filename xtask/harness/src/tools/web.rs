//! Pages of the example: packages, compiler and build.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::{Missing, Tool};
use crate::{process, workspace};

/// The folder `examples/ci-service/web` with the packages of its lock file.
pub struct Web {
    folder: PathBuf,
}

impl Web {
    /// Installs the packages in the folder of the pages if necessary.
    pub fn set_up() -> Result<Tool<Self>> {
        if !process::is_installed("node") || !process::is_installed("npm") {
            return Ok(Err(Missing("Node.js with npm is not installed")));
        }
        let _alone = workspace::exclusive("web")?;
        let folder = workspace::root().join("examples/ci-service/web");
        let lock = fs::read_to_string(folder.join("package-lock.json"))?;
        let stamp = folder.join("node_modules/.installed");
        if fs::read_to_string(&stamp).ok().as_ref() != Some(&lock) {
            process::run(Command::new("npm").args(["ci", "--loglevel=error"]).current_dir(&folder))?;
            workspace::write(&stamp, &lock)?;
        }
        Ok(Ok(Self { folder }))
    }

    /// Checks the types and builds `dist`, which the service serves.
    pub fn build(&self) -> Result<()> {
        process::run(Command::new("npm").args(["run", "--silent", "build"]).current_dir(&self.folder))
    }

    /// Links the packages into a copy of the folder.
    pub fn lend_packages(&self, copy: &Path) -> Result<()> {
        let (packages, link) = (self.folder.join("node_modules"), copy.join("node_modules"));
        #[cfg(windows)]
        std::os::windows::fs::symlink_dir(packages, link)?;
        #[cfg(not(windows))]
        std::os::unix::fs::symlink(packages, link)?;
        Ok(())
    }

    /// Returns the command for the browser tests, in the folder of the pages.
    pub fn playwright(&self) -> Command {
        let mut command = Command::new(self.folder.join("node_modules/.bin/playwright"));
        command.arg("test").current_dir(&self.folder);
        command
    }
}
