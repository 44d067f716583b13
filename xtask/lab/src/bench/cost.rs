//! CPU time and memory of a program.
//!
//! The system counts the memory of a process from its fork, so a program never appears to need less than its parent
//! had. A small process is therefore started in between: `xtask` itself, for this run only.

use std::env;
use std::ffi::OsString;
use std::io;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use crdgen_harness::{Verdict, process};
use serde::{Deserialize, Serialize};
use wait4::Wait4;

/// Run a program and print its cost as JSON.
#[derive(clap::Args)]
#[command(hide = true)]
pub struct Args {
    /// Program to run.
    program: OsString,
    /// Arguments of the program.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Cost of a run of a program.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Cost {
    /// User time of the program and of all processes that it started.
    pub cpu: Duration,
    /// Time that the system spent for them.
    pub system: Duration,
    /// Elapsed time.
    pub wall: Duration,
    /// Most memory that one of these processes had at a time, in bytes.
    pub memory: u64,
}

impl Cost {
    /// Runs a program, with its folder and environment, and returns the cost.
    pub fn of(command: &Command) -> Result<Self> {
        let mut between = Command::new(env::current_exe()?);
        between.args(["bench", "cost"]).arg(command.get_program()).args(command.get_args());
        if let Some(folder) = command.get_current_dir() {
            between.current_dir(folder);
        }
        between.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let output = process::capture(&mut between)?;
        if !output.status.success() {
            bail!("{}", process::text(&output));
        }
        serde_json::from_slice(&output.stdout).context("a cost")
    }

    /// Returns the smaller value of each figure.
    pub fn min(self, other: Self) -> Self {
        Self {
            cpu: self.cpu.min(other.cpu),
            system: self.system.min(other.system),
            wall: self.wall.min(other.wall),
            memory: self.memory.min(other.memory),
        }
    }
}

pub fn run(args: &Args) -> Result<Verdict> {
    let Args { program, arguments } = args;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    let started = Instant::now();
    let used = command.spawn().with_context(|| format!("cannot run {}", program.display()))?.wait4()?;
    if !used.status.success() {
        bail!("{}: {}", used.status, program.display());
    }
    let cost =
        Cost { cpu: used.rusage.utime, system: used.rusage.stime, wall: started.elapsed(), memory: used.rusage.maxrss };
    serde_json::to_writer(io::stdout(), &cost)?;
    Ok(Verdict::Good)
}
