//! `cargo xtask`: chores and gates of this workspace, one module each, and the measurements of `xtask/lab`.

mod attack;
mod book;
mod browser;
mod cel;
mod circles;
mod clients;
#[cfg(unix)]
mod deploy;
mod docs_site;
mod e2e;
mod envtest;
mod fuzz;
mod golden;
mod instructions;
mod known;
mod mutants;
mod newcomer;
mod package;
mod parity;
mod prose;
mod schemathesis;
mod test;
mod typescript;
mod whole_loop;
mod witnesses;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use crdgen_harness::Verdict;
use crdgen_lab::{bench, corpus, differential, evolution, objects, roundtrip, schemas, sharing, stability, verdicts};

/// Tasks of the crdgen workspace.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    Attack(attack::Args),
    Bench(bench::Args),
    Book(book::Args),
    Browser(browser::Args),
    Cel(cel::Args),
    Circles(circles::Args),
    Clients(clients::Args),
    Corpus(corpus::Args),
    #[cfg(unix)]
    Deploy(deploy::Args),
    Differential(differential::Args),
    DocsSite(docs_site::Args),
    E2e(e2e::Args),
    Envtest(envtest::Args),
    Evolution(evolution::Args),
    Fuzz(fuzz::Args),
    Golden(golden::Args),
    Instructions(instructions::Args),
    Known(known::Args),
    #[command(name = "loop")]
    Loop(whole_loop::Args),
    Mutants(mutants::Args),
    Newcomer(newcomer::Args),
    Objects(objects::Args),
    Package(package::Args),
    Parity(parity::Args),
    Prose(prose::Args),
    Roundtrip(roundtrip::Args),
    Schemas(schemas::Args),
    Schemathesis(schemathesis::Args),
    Sharing(sharing::Args),
    Stability(stability::Args),
    Test(test::Args),
    Typescript(typescript::Args),
    Verdicts(verdicts::Args),
}

fn main() -> ExitCode {
    match run(Cli::parse().chore) {
        Ok(Verdict::Good) => ExitCode::SUCCESS,
        Ok(Verdict::Findings) => ExitCode::from(100),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(chore: Chore) -> Result<Verdict> {
    match chore {
        Chore::Attack(args) => attack::run(&args),
        Chore::Bench(args) => bench::run(&args),
        Chore::Book(args) => book::run(&args),
        Chore::Browser(args) => browser::run(&args),
        Chore::Cel(args) => cel::run(&args),
        Chore::Circles(args) => circles::run(&args),
        Chore::Clients(args) => clients::run(&args),
        Chore::Corpus(args) => corpus::run(&args),
        #[cfg(unix)]
        Chore::Deploy(args) => deploy::run(&args),
        Chore::E2e(args) => e2e::run(&args),
        Chore::Differential(args) => differential::run(&args),
        Chore::DocsSite(args) => docs_site::run(&args),
        Chore::Envtest(args) => envtest::run(&args),
        Chore::Evolution(args) => evolution::run(&args, || Ok(Box::new(witnesses::Server::start()?))),
        Chore::Fuzz(args) => fuzz::run(&args),
        Chore::Golden(args) => golden::run(&args),
        Chore::Instructions(args) => instructions::run(&args),
        Chore::Known(args) => known::run(&args),
        Chore::Loop(args) => whole_loop::run(&args),
        Chore::Mutants(args) => mutants::run(&args),
        Chore::Newcomer(args) => newcomer::run(&args),
        Chore::Objects(args) => objects::run(&args),
        Chore::Package(args) => package::run(&args),
        Chore::Parity(args) => parity::run(&args),
        Chore::Prose(args) => prose::run(&args),
        Chore::Roundtrip(args) => roundtrip::run(&args),
        Chore::Schemas(args) => schemas::run(&args),
        Chore::Schemathesis(args) => schemathesis::run(&args),
        Chore::Sharing(args) => sharing::run(&args),
        Chore::Stability(args) => stability::run(&args),
        Chore::Test(args) => test::run(&args),
        Chore::Typescript(args) => typescript::run(&args),
        Chore::Verdicts(args) => verdicts::run(&args),
    }
}
