//! `bench`: cost of generated code for its users and of commands, compared with other programs. Benchmarks are not tests: they print
//! ratios within one run and never fail because of slow code.

mod check;
mod cost;
mod generate;
mod kopium;
mod service;
mod subject;
mod types;
mod validate;

use anyhow::Result;
use crdgen_harness::Verdict;

/// Measure the cost of generated code and of commands.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    Compile(check::Args),
    Cost(cost::Args),
    Generate(generate::Args),
    Service(service::Args),
    Validate(validate::Args),
}

/// Runs one benchmark and prints its figures.
pub fn run(args: &Args) -> Result<Verdict> {
    match &args.what {
        What::Compile(args) => check::run(args),
        What::Cost(args) => cost::run(args),
        What::Generate(args) => generate::run(args),
        What::Service(args) => service::run(args),
        What::Validate(args) => validate::run(args),
    }
}
