//! `crdgen schema`: JSON Schemas of crdgen's own files.

use std::io::Write;

use clap::ValueEnum;

use super::error::CliError;
use super::outcome::Outcome;
use crate::config;
use crate::report::format::{diff_schema, json};

/// Print the JSON Schema of a file that crdgen reads or writes
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  crdgen schema config > crdgen.schema.json")]
pub(super) struct Args {
    /// File to describe
    #[arg(value_name = "FILE")]
    file: File,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum File {
    /// crdgen.toml
    Config,
    /// Findings with `--format json`
    Report,
    /// Findings of `crdgen diff` with `--format json`
    Diff,
}

pub(super) fn run(args: &Args) -> Result<Outcome, CliError> {
    let text = match args.file {
        File::Config => config::schema::text(),
        File::Report => json::schema(),
        File::Diff => diff_schema(),
    };
    // A reader that closes the pipe early is no error.
    let _ = anstream::stdout().lock().write_all(text.as_bytes());
    Ok(Outcome::Done)
}
