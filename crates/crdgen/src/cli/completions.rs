//! `crdgen completions`: a completion script for a shell.

use std::io::{self, Write};

use clap::Command;
use clap_complete::{Shell, generate};

use super::error::CliError;
use super::outcome::Outcome;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  crdgen completions bash > ~/.local/share/bash-completion/completions/crdgen")]
pub(super) struct Args {
    /// Shell to write completions for
    shell: Shell,
}

/// Prints the script for the command line `cli`.
pub(super) fn run(args: &Args, mut cli: Command) -> Result<Outcome, CliError> {
    // The script is completed in memory first: clap_complete panics if the reader of a pipe goes away.
    let mut script = Vec::new();
    generate(args.shell, &mut cli, "crdgen", &mut script);
    match io::stdout().write_all(&script) {
        Ok(()) => Ok(Outcome::Done),
        Err(_) => Ok(Outcome::Failed),
    }
}
