//! Optimised builds of tasks that process a whole collection.

use std::env;
use std::process::Command;

use anyhow::{Result, bail};
use crdgen_harness::{Verdict, process, workspace};

/// Returns the command for a task that is compiled with optimisation and runs in its own process, so that its times are
/// those of a released crdgen.
pub fn command(chore: &str) -> Command {
    let mut command = process::cargo();
    command.current_dir(env::current_dir().unwrap_or_default());
    command.args(["run", "--quiet", "--release", "--package", "xtask", "--manifest-path"]);
    command.arg(workspace::root().join("Cargo.toml")).args(["--", chore]);
    command
}

/// Runs the current task again in an optimised build, with the same arguments.
pub fn rerun(chore: &str) -> Result<Verdict> {
    let arguments = env::args_os().skip_while(|argument| argument != chore).skip(1);
    let status = command(chore).args(arguments).status()?;
    match status.code() {
        Some(0) => Ok(Verdict::Good),
        Some(100) => Ok(Verdict::Findings),
        _ => bail!("{chore}: {status}"),
    }
}
