//! `crdgen man`: man pages for packages.

use std::fs;
use std::path::PathBuf;

use clap::Command;
use crdgen_schema::Diagnostic;

use super::error::CliError;
use super::outcome::Outcome;

/// Write a man page for every command into a folder
#[derive(Debug, clap::Args)]
#[command(hide = true, after_help = "Example:\n  crdgen man ~/.local/share/man/man1")]
pub(super) struct Args {
    /// Folder for the pages, which is created if it does not exist
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

/// Writes the pages of the command line `cli`.
pub(super) fn run(args: &Args, cli: Command) -> Result<Outcome, CliError> {
    let written = fs::create_dir_all(&args.folder).and_then(|()| clap_mangen::generate_to(cli, &args.folder));
    let cannot = |error| {
        let message = format!("cannot write man pages into {}: {error}", args.folder.display());
        Diagnostic::error("man::unwritable", message)
    };
    written.map_err(cannot)?;
    Ok(Outcome::Done)
}
