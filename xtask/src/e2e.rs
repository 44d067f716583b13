//! `e2e`: what a client does against a real API server, and the example's session on it; one is started for them.

use anyhow::Result;

use crate::envtest::Environment;
use crate::{Verdict, process};

/// Play `fixtures/e2e`, and the example's session, against an API server that is started for them.
#[derive(clap::Args)]
pub struct Args {
    /// Only scenarios whose name contains one of these.
    pub only: Vec<String>,
    /// Writes of the ledger.
    #[arg(long, default_value_t = 10_000)]
    pub writes: usize,
}

const PROGRAM: [&str; 4] = ["--quiet", "--package", "crdgen-e2e", "--"];

/// The session of the example, which is played in memory when nothing names a server.
const SESSION: [&str; 6] = ["test", "--quiet", "--package", "ci-service", "--test", "session"];

pub fn run(args: &Args) -> Result<Verdict> {
    build()?;
    play(&Environment::start()?, args)
}

/// Compiles what is played.
pub fn build() -> Result<()> {
    process::run(process::cargo().arg("build").args(&PROGRAM[..3]))?;
    process::run(process::cargo().args(SESSION).arg("--no-run"))
}

/// The same, on a server that is there.
pub fn play(environment: &Environment, args: &Args) -> Result<Verdict> {
    if args.only.is_empty() {
        process::run(process::cargo().args(SESSION).env("CI_SERVICE_KUBECONFIG", environment.kubeconfig()))?;
    }
    let mut program = process::cargo();
    program.arg("run").args(PROGRAM).args(&args.only).args(["--writes", &args.writes.to_string()]);
    program.envs(environment.variables());
    process::run(&mut program)?;
    Ok(Verdict::Good)
}
