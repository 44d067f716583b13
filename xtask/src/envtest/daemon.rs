//! A program that runs until it is no longer needed.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// How a program is made to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Asked to (`SIGTERM`), and waited for.
    Asked,
    /// At once (`SIGKILL`), as a crash would end it.
    Crash,
}

/// A running program. It is killed when dropped.
pub struct Daemon {
    child: Child,
    log: PathBuf,
}

impl Daemon {
    /// Starts a program; what it prints goes to the end of `log`.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let file = File::options().create(true).append(true).open(log);
        let file = file.with_context(|| format!("cannot write {}", log.display()))?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        let child = command.spawn().with_context(|| format!("cannot run {}", command.get_program().display()))?;
        Ok(Self { child, log: log.to_owned() })
    }

    /// An error if it ended by itself.
    pub fn check(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("it ended with {status}; see {}", self.log.display());
        }
        Ok(())
    }

    /// Ends it.
    pub fn end(&mut self, how: End) -> Result<()> {
        match how {
            // The standard library sends no signal but SIGKILL, and `kill` is on every system that Kubernetes runs on.
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
        // It may have ended before; then there is nothing left to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
