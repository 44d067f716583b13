//! Chores that work through a whole collection run optimised, whatever this program was compiled with.

use std::env;
use std::process::Command;

use anyhow::{Result, bail};

use crate::{Verdict, process, workspace};

/// A chore compiled with optimisation, in a process of its own: its times are those that users see.
pub fn command(chore: &str) -> Command {
    let mut command = process::cargo();
    command.current_dir(env::current_dir().unwrap_or_default());
    command.args(["run", "--quiet", "--release", "--package", "xtask", "--manifest-path"]);
    command.arg(workspace::root().join("Cargo.toml")).args(["--", chore]);
    command
}

/// Runs this process's chore again, optimised, with the same arguments.
pub fn rerun(chore: &str) -> Result<Verdict> {
    let arguments = env::args_os().skip_while(|argument| argument != chore).skip(1);
    let status = command(chore).args(arguments).status()?;
    match status.code() {
        Some(0) => Ok(Verdict::Good),
        Some(100) => Ok(Verdict::Findings),
        _ => bail!("{chore}: {status}"),
    }
}
