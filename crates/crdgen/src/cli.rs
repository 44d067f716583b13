//! The command line. Each subcommand has its own file. This file has the global options, exit codes and
//! colours.

mod client;
mod completions;
mod diff;
mod docs;
mod explain;
mod generate;
mod init;
mod lint;
mod man;
mod new;
mod paths;
mod reporting;
mod schema;
mod validate;
mod watch;

use std::env;
use std::panic;
use std::path::PathBuf;
use std::process::ExitCode;

use anstream::ColorChoice;
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use crdgen_schema::{Diagnostic, Severity};

use crate::project::{ConfigFile, Problem};
use crate::report::{Reporter, Verbosity};

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

/// Choice of the config file.
#[derive(Clone, Debug, Default, clap::Args)]
struct ConfigArgs {
    /// Use this config file
    #[arg(short, long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,

    /// Read no config file
    #[arg(long)]
    no_config: bool,
}

impl ConfigArgs {
    fn file(&self) -> ConfigFile {
        match &self.config {
            Some(file) => ConfigFile::At(file.clone()),
            None if self.no_config => ConfigFile::None,
            None => ConfigFile::Find,
        }
    }
}

/// Result of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Done,
    Failed,
    Findings,
}

/// Reason why a command cannot start or continue.
#[derive(Debug)]
enum CliError {
    Usage(Box<clap::Error>),
    Failed(Vec<Diagnostic>),
}

impl CliError {
    /// Converts a problem found before the subcommand starts.
    fn at_start(subcommand: &str, problem: Problem) -> Self {
        match problem {
            Problem::Usage(message) => usage(subcommand, &message),
            Problem::Found(found) => (*found).into(),
        }
    }
}

impl From<Box<Diagnostic>> for CliError {
    fn from(found: Box<Diagnostic>) -> Self {
        (*found).into()
    }
}

impl From<Diagnostic> for CliError {
    fn from(found: Diagnostic) -> Self {
        Self::Failed(vec![found])
    }
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
        Err(CliError::Usage(error)) => error.exit(),
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
        Command::Watch(args) => watch::run(*args, reporter),
        Command::Paths(args) => paths::run(&args, reporter),
        Command::Lint(args) => lint::run(&args, reporter),
        Command::Validate(args) => validate::run(&args, reporter),
        Command::Diff(args) => diff::run(&args, reporter),
        Command::Client(args) => client::run(&args, reporter),
        Command::Docs(args) => docs::run(args, reporter),
        Command::Explain(args) => explain::run(&args, reporter),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    }
}

fn working_directory() -> Result<PathBuf, CliError> {
    let none =
        |error| Diagnostic::error("input::working-directory", format!("cannot find the working directory: {error}"));
    env::current_dir().map_err(|error| none(error).into())
}

fn is_failure(found: &[Diagnostic]) -> bool {
    found.iter().any(|found| found.severity == Severity::Error)
}

/// Returns a usage error for a subcommand, with the help that clap adds to its own errors.
fn usage(subcommand: &str, message: &str) -> CliError {
    usage_of_kind(ErrorKind::MissingRequiredArgument, subcommand, message)
}

fn usage_of_kind(kind: ErrorKind, subcommand: &str, message: &str) -> CliError {
    let mut cli = command();
    let subcommand = cli.find_subcommand_mut(subcommand).expect("a subcommand of this command line");
    CliError::Usage(Box::new(subcommand.error(kind, message)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
