//! `bench`: what generated code costs its users, beside the generator that they would use otherwise. Benchmarks, not tests:
//! they print ratios of one run on one machine, and never fail for being slow.

mod check;
mod cost;
mod kopium;
mod service;
mod subject;
mod types;

use anyhow::Result;

use crate::Verdict;

/// Measure what generated code costs.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    Compile(check::Args),
    Cost(cost::Args),
    Service(service::Args),
}

pub fn run(args: &Args) -> Result<Verdict> {
    match &args.what {
        What::Compile(args) => check::run(args),
        What::Cost(args) => cost::run(args),
        What::Service(args) => service::run(args),
    }
}
