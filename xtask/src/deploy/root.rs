//! Root file system of a container, run by chroot.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use crdgen_harness::workspace;

/// User and group of the program, as in the image.
const USER: u32 = 65532;

/// A root file system that has one program. The program's user owns no file and can write no folder, as in a container
/// whose root file system is read-only.
pub struct Root {
    folder: PathBuf,
    program: String,
}

impl Root {
    /// Creates a root file system with this program alone.
    pub fn with(name: &str, program: &Path) -> Result<Self> {
        let folder = workspace::scratch("deploy").join(name);
        workspace::empty(&folder)?;
        fs::copy(program, folder.join(name)).with_context(|| format!("cannot copy {}", program.display()))?;
        Ok(Self { folder, program: format!("/{name}") })
    }

    /// Adds a file that the program can read.
    pub fn add(&self, path: &str, text: &str) -> Result<()> {
        workspace::write(&self.folder.join(path), text)
    }

    /// Adds a folder that the program can write.
    pub fn own_folder(&self, path: &str) -> Result<()> {
        let folder = self.folder.join(path);
        fs::create_dir_all(&folder)?;
        fs::set_permissions(&folder, Permissions::from_mode(0o755))?;
        chown(&folder, Some(USER), Some(USER)).context("only root can run programs by chroot")
    }

    /// Returns the size of all files, in bytes.
    pub fn size(&self) -> Result<u64> {
        let files = workspace::files_where(&self.folder, |_| true)?;
        files.iter().map(|file| Ok(fs::metadata(file)?.len())).sum()
    }

    /// Returns the command that runs the program in the root file system, without rights and without environment.
    pub fn command(&self) -> Command {
        let mut command = Command::new("chroot");
        // The program itself gets the path too, and has nothing to find there.
        command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        command.arg(format!("--userspec={USER}:{USER}")).arg("--groups=").arg(&self.folder).arg(&self.program);
        command
    }
}
