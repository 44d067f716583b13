//! Reasons why a command ends early.

use clap::Command;
use clap::error::ErrorKind;
use crdgen_schema::Diagnostic;

use crate::project::Problem;

/// Reason why a command cannot start or continue.
#[derive(Debug)]
pub(super) enum CliError {
    Usage(Usage),
    Failed(Vec<Diagnostic>),
}

/// Wrong use of a subcommand.
#[derive(Debug)]
pub(super) struct Usage {
    kind: ErrorKind,
    subcommand: &'static str,
    message: String,
}

impl Usage {
    /// Returns the error with the help that clap adds to its own errors. `cli` is the whole command line, built.
    pub(super) fn error(&self, mut cli: Command) -> clap::Error {
        let subcommand = cli.find_subcommand_mut(self.subcommand).expect("a subcommand of this command line");
        subcommand.error(self.kind, &self.message)
    }
}

impl CliError {
    /// Converts a problem found before the subcommand starts.
    pub(super) fn at_start(subcommand: &'static str, problem: Problem) -> Self {
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

/// Returns a usage error for a subcommand.
pub(super) fn usage(subcommand: &'static str, message: &str) -> CliError {
    usage_of_kind(ErrorKind::MissingRequiredArgument, subcommand, message)
}

/// Returns a usage error of a kind that clap distinguishes.
pub(super) fn usage_of_kind(kind: ErrorKind, subcommand: &'static str, message: &str) -> CliError {
    CliError::Usage(Usage { kind, subcommand, message: message.to_owned() })
}
