//! `parity`: whether the store in memory answers as a real API server does, on one that is started for it.

use anyhow::{Result, bail};

use crate::envtest::Environment;
use crate::{Verdict, process};

/// Compare the store in memory with an API server that is started for it, by a script and a random walk.
#[derive(clap::Args)]
pub struct Args {
    /// Steps of the random walk.
    #[arg(long, default_value_t = 20_000)]
    pub steps: usize,
    /// What the walk's choices come from: the same seed takes the same steps.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// End with a line of JSON.
    #[arg(long)]
    pub json: bool,
}

const PROGRAM: [&str; 5] = ["--quiet", "--package", "crdgen-e2e", "--bin", "parity"];

pub fn run(args: &Args) -> Result<Verdict> {
    process::run(process::cargo().arg("build").args(PROGRAM))?;
    play(&Environment::start()?, args)
}

/// The same, on a server that is there.
pub fn play(environment: &Environment, args: &Args) -> Result<Verdict> {
    let mut program = process::cargo();
    program.arg("run").args(PROGRAM).arg("--");
    program.args(["--steps", &args.steps.to_string(), "--seed", &args.seed.to_string()]);
    program.args(args.json.then_some("--json")).envs(environment.variables());
    let status = program.status()?;
    match status.code() {
        Some(0) => Ok(Verdict::Good),
        Some(100) => Ok(Verdict::Findings),
        _ => bail!("parity: {status}"),
    }
}
