//! `crdgen client`: runs a third-party client generator on the project's OpenAPI document.

use std::env;
use std::path::PathBuf;
use std::process::Stdio;

use crdgen_schema::Diagnostic;

use super::config_args::ConfigArgs;
use super::error::CliError;
use super::handover::{Place, Stated, write_config};
use super::outcome::Outcome;
use crate::config::Config;
use crate::external_generators::Generator;
use crate::project::{ConfigFile, working_directory};
use crate::report::Reporter;

/// Run an installed client generator on the OpenAPI document
///
/// The generator runs in the folder of crdgen.toml with the config that `crdgen init --handover` writes. If
/// the config does not exist it is written first; you may change it. An existing config decides where the
/// document and the output are, so `--openapi` and `--out` must agree with it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The client generator: hey-api, openapi-typescript, orval, kubb, progenitor, or
    /// openapi-generator:LANGUAGE with LANGUAGE one of typescript-fetch, typescript-axios,
    /// typescript-angular, rust, go and python
    #[arg(long, value_name = "GENERATOR")]
    with: Generator,

    /// The OpenAPI document [default: the file of `[openapi]` in crdgen.toml]
    #[arg(long, value_name = "FILE")]
    openapi: Option<PathBuf>,

    /// Folder for the generator's output [default: client]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    config: ConfigArgs,
}

const EXAMPLES: &str = "\
Examples:
  crdgen client --with hey-api --out web/src/client
  crdgen client --with openapi-generator:go --out client-go
  crdgen client --with progenitor --openapi progenitor.json --out client-rs";

pub(super) fn run(args: &Args, reporter: &Reporter) -> Result<Outcome, CliError> {
    let here = working_directory()?;
    let config = match args.config.file() {
        ConfigFile::Find => Config::find(&here),
        ConfigFile::At(file) => Some(here.join(file)),
        ConfigFile::None => None,
    };
    let stated = Stated { openapi: args.openapi.clone(), out: args.out.clone() };
    let place = Place::new(args.with, &stated, config.as_deref(), &here)?;
    place.readable(args.with)?;
    let command = place.recipe.command(&place.folder, &env::var_os("PATH").unwrap_or_default());
    let mut command = command.map_err(|missing| {
        Diagnostic::error("client::not-installed", missing.to_string()).help(format!("install it: {}", missing.install))
    })?;
    write_config(&place, &stated, reporter)?;
    let ended = command.stdin(Stdio::null()).status();
    let status = ended.map_err(|error| {
        Diagnostic::error("client::unstarted", format!("cannot start {}: {error}", place.recipe.program))
    })?;
    if !status.success() {
        return Err(Diagnostic::error("client::failed", format!("{}: {status}", place.recipe.program)).into());
    }
    Ok(Outcome::Done)
}
