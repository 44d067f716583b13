//! `e2e`: tests of the client and of the example on a real API server, which is started for them.

use anyhow::Result;
use crdgen_harness::{Verdict, process};

use crate::envtest::Environment;

/// Run `fixtures/e2e` and the example's session tests against a new API server.
#[derive(clap::Args)]
pub struct Args {
    /// Run only the scenarios whose name contains one of these.
    pub only: Vec<String>,
    /// Number of writes in the ledger scenario.
    #[arg(long, default_value_t = 10_000)]
    pub writes: usize,
}

const PROGRAM: [&str; 4] = ["--quiet", "--package", "crdgen-e2e", "--"];

/// Session tests of the example. They use memory if no API server is named.
const SESSION: [&str; 6] = ["test", "--quiet", "--package", "ci-service", "--test", "session"];

pub fn run(args: &Args) -> Result<Verdict> {
    build()?;
    play(&Environment::start()?, args)
}

/// Compiles the programs to run.
pub fn build() -> Result<()> {
    process::run(process::cargo().arg("build").args(&PROGRAM[..3]))?;
    process::run(process::cargo().args(SESSION).arg("--no-run"))
}

/// Runs the tests on an API server that is already running.
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
