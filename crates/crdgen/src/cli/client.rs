//! `crdgen client`: runs a third-party client generator on the project's OpenAPI document.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crdgen_schema::Diagnostic;

use super::init::write_config;
use super::{CliError, ConfigArgs, Outcome, working_directory};
use crate::config::Config;
use crate::external_generators::{Generator, Recipe};
use crate::lock::Target;
use crate::output::site::{relative, shown};
use crate::project::ConfigFile;
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

/// Document and output that the command line names, if any.
pub(super) struct Stated {
    pub(super) openapi: Option<PathBuf>,
    pub(super) out: Option<PathBuf>,
}

/// Folder that a generator runs in, with its recipe and its document.
pub(super) struct Place {
    pub(super) folder: PathBuf,
    pub(super) recipe: Recipe,
    document: PathBuf,
}

impl Place {
    /// Resolves paths relative to the folder of the config file, or to `here` without one.
    ///
    /// # Errors
    ///
    /// Returns a diagnostic if the config file is wrong or if nothing names the document.
    pub(super) fn new(
        generator: Generator,
        stated: &Stated,
        config: Option<&Path>,
        here: &Path,
    ) -> Result<Self, CliError> {
        let folder = config.and_then(Path::parent).unwrap_or(here).to_owned();
        let written = config.map(|file| Config::read(file, &shown(file, here))).transpose()?;
        let of_config = written.and_then(|config| Some(folder.join(config.output(Target::OpenApi)?.value)));
        let Some(document) = stated.openapi.as_ref().map(|file| here.join(file)).or(of_config) else {
            let missing = Diagnostic::error("client::no-document", "no OpenAPI document is configured");
            return Err(missing
                .help("name the document with `--openapi FILE`, or add `[openapi]` to crdgen.toml")
                .into());
        };
        let output = stated.out.as_ref().map_or_else(|| folder.join("client"), |out| here.join(out));
        let recipe = Recipe::new(generator, &relative(&document, &folder), &relative(&output, &folder));
        Ok(Self { folder, recipe, document })
    }

    /// Checks that the document exists and that the generator can read it.
    fn readable(&self, generator: Generator) -> Result<(), CliError> {
        let text = fs::read_to_string(&self.document).map_err(|error| {
            let message = format!("cannot read {}: {error}", relative(&self.document, &self.folder));
            Diagnostic::error("client::unreadable", message).help("`crdgen generate` writes the document")
        })?;
        if generator == Generator::Progenitor && text.contains("application/merge-patch+json") {
            let unfit = Diagnostic::error("client::profile", "progenitor cannot read this document");
            return Err(unfit
                .help("write `profile = \"progenitor\"` into `[openapi]`, and run `crdgen generate` again")
                .into());
        }
        Ok(())
    }
}
