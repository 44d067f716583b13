//! A program that runs in the background.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// Way to end a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With `SIGTERM`, and waiting for the end.
    Asked,
    /// With `SIGKILL`, like a crash.
    Crash,
}

/// A running program. Dropping the value kills it.
pub struct Daemon {
    child: Child,
    log: PathBuf,
}

impl Daemon {
    /// Starts a program and appends its output to `log`.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let file = File::options().create(true).append(true).open(log);
        let file = file.with_context(|| format!("cannot write {}", log.display()))?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        let child = command.spawn().with_context(|| format!("cannot run {}", command.get_program().display()))?;
        Ok(Self { child, log: log.to_owned() })
    }

    /// Returns an error if the program has ended by itself.
    pub fn check(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("it ended with {status}; see {}", self.log.display());
        }
        Ok(())
    }

    /// Ends the program and waits for it.
    pub fn end(&mut self, how: End) -> Result<()> {
        match how {
            // The standard library sends only SIGKILL. `kill` exists on every system that Kubernetes runs on.
            End::Asked => {
                Command::new("kill").arg(self.child.id().to_string()).status().context("cannot run kill")?;
            }
            End::Crash => self.child.kill()?,
        }
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // The program may have ended already, so errors do not matter.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
