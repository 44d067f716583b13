//! `parity`: comparison of the store in memory with a real API server, which is started for it.

use anyhow::{Result, bail};
use crdgen_harness::{Verdict, process};

use crate::envtest::Environment;

/// Compare the store in memory with a new API server, by a script and a random walk.
#[derive(clap::Args)]
pub struct Args {
    /// Number of steps of the random walk.
    #[arg(long, default_value_t = 20_000)]
    pub steps: usize,
    /// Seed of the random walk: equal seeds take equal steps.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print the result as JSON on the last line.
    #[arg(long)]
    pub json: bool,
}

const PROGRAM: [&str; 5] = ["--quiet", "--package", "crdgen-e2e", "--bin", "parity"];

pub fn run(args: &Args) -> Result<Verdict> {
    process::run(process::cargo().arg("build").args(PROGRAM))?;
    play(&Environment::start()?, args)
}

/// Runs the comparison on an API server that is already running.
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
