//! `e2e`: what a client does against a real API server, on one that is started for it.

use anyhow::Result;

use crate::envtest::Environment;
use crate::{Verdict, process};

/// Play `fixtures/e2e` against an API server that is started for it.
#[derive(clap::Args)]
pub struct Args {
    /// Only scenarios whose name contains one of these.
    pub only: Vec<String>,
    /// Writes of the ledger.
    #[arg(long, default_value_t = 10_000)]
    pub writes: usize,
}

const PROGRAM: [&str; 4] = ["--quiet", "--package", "crdgen-e2e", "--"];

pub fn run(args: &Args) -> Result<Verdict> {
    process::run(process::cargo().arg("build").args(&PROGRAM[..3]))?;
    let environment = Environment::start()?;
    let mut program = process::cargo();
    program.arg("run").args(PROGRAM).args(&args.only).args(["--writes", &args.writes.to_string()]);
    program.envs(environment.variables());
    process::run(&mut program)?;
    Ok(Verdict::Good)
}
