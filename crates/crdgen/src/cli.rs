//! The command line. Each subcommand has its own file. This file has the global options, exit codes and
//! colours.

mod client;
mod completions;
mod config_args;
mod diff;
mod docs;
mod error;
mod explain;
mod generate;
mod handover;
mod init;
mod lint;
mod man;
mod new;
mod outcome;
mod paths;
mod reporting;
mod schema;
mod validate;
mod watch;

use std::env;
use std::panic;
use std::process::ExitCode;

use anstream::ColorChoice;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use crdgen_schema::Diagnostic;

use crate::report::{Reporter, Verbosity};
use error::CliError;
use outcome::Outcome;

/// Typed Rust, an axum API, OpenAPI, TypeScript and JSON Schema from Kubernetes CRDs, in one command.
#[derive(Debug, Parser)]
#[command(name = "crdgen", version, about, max_term_width = 110, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// Print errors only
    #[arg(short, long, global = true)]
    quiet: bool,

    /// When to use colours; `auto` respects NO_COLOR and CLICOLOR_FORCE
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    done, or nothing to do
  1    an input could not be read, or the output could not be generated or written
  2    the command line is wrong
  100  `--check` found differences, `lint` found errors, `validate` found objects that an API server refuses, or
       `diff` found changes that break";

#[derive(Debug, Subcommand)]
enum Command {
    New(new::Args),
    Init(init::Args),
    Generate(Box<generate::Args>),
    Watch(Box<watch::Args>),
    Paths(paths::Args),
    Lint(lint::Args),
    Validate(validate::Args),
    Diff(Box<diff::Args>),
    Client(client::Args),
    Docs(docs::Args),
    Explain(explain::Args),
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Color {
    /// Only on a terminal
    Auto,
    /// Use colors in pipes and files too
    Always,
    /// Use no colors, even on a terminal
    Never,
}

/// Returns the command line, for documentation.
pub fn command() -> clap::Command {
    let mut command = Cli::command();
    command.build();
    command
}

/// Runs the command of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::AlwaysAnsi,
        Color::Never => ColorChoice::Never,
    }
    .write_global();
    let reporter = Reporter::new(if cli.quiet { Verbosity::Quiet } else { Verbosity::Normal });
    // With RUST_BACKTRACE set, panics print their backtrace.
    if env::var_os("RUST_BACKTRACE").is_none() {
        panic::set_hook(Box::new(|_| ()));
    }
    let outcome = panic::catch_unwind(|| run(cli.command, &reporter)).unwrap_or_else(|panic| {
        Err(Diagnostic::error("internal::panic", crate::pipeline::panic_message(&*panic)).help(DEFECT).into())
    });
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::FAILURE,
        Ok(Outcome::Findings) => ExitCode::from(100),
        Err(CliError::Usage(usage)) => usage.error(command()).exit(),
        Err(CliError::Failed(found)) => {
            reporter.diagnostics(&found);
            ExitCode::FAILURE
        }
    }
}

const DEFECT: &str =
    "this is a bug in crdgen: please report it, with the CRDs and the backtrace that RUST_BACKTRACE=1 prints";

fn run(command: Command, reporter: &Reporter) -> Result<Outcome, CliError> {
    match command {
        Command::New(args) => new::run(&args, reporter),
        Command::Init(args) => init::run(&args, reporter),
        Command::Generate(args) => generate::run(*args, reporter),
        Command::Watch(args) => watch::run(*args, self::command(), reporter),
        Command::Paths(args) => paths::run(&args, reporter),
        Command::Lint(args) => lint::run(&args, reporter),
        Command::Validate(args) => validate::run(&args, reporter),
        Command::Diff(args) => diff::run(&args, reporter),
        Command::Client(args) => client::run(&args, reporter),
        Command::Docs(args) => docs::run(args, reporter),
        Command::Explain(args) => explain::run(&args, reporter),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => completions::run(&args, Cli::command()),
        Command::Man(args) => man::run(&args, Cli::command()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
