//! `crdgen completions`: a completion script for a shell.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use super::{Cli, CliError, Outcome};

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  crdgen completions bash > ~/.local/share/bash-completion/completions/crdgen")]
pub(super) struct Args {
    /// Shell to write completions for
    shell: Shell,
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    // The script is completed in memory first: clap_complete panics if the reader of a pipe goes away.
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "crdgen", &mut script);
    match io::stdout().write_all(&script) {
        Ok(()) => Ok(Outcome::Done),
        Err(_) => Ok(Outcome::Failed),
    }
}
