//! `crdgen man`: manual pages, for those who package crdgen.

use std::fs;
use std::path::PathBuf;

use clap::CommandFactory;
use crdgen_schema::Diagnostic;

use super::{Cli, CliError, Outcome};

/// Write a manual page for each subcommand
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  crdgen man ~/.local/share/man/man1")]
pub(super) struct Args {
    /// Folder for the pages
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    let written =
        fs::create_dir_all(&args.folder).and_then(|()| clap_mangen::generate_to(Cli::command(), &args.folder));
    written.map_err(|error| {
        Diagnostic::error("man::unwritable", format!("cannot write into {}: {error}", args.folder.display()))
    })?;
    Ok(Outcome::Done)
}
