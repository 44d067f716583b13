//! `crdgen init`: the first config file of a project, and configs of client generators.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crdgen_schema::Diagnostic;

use super::client::{Place, Stated};
use super::{CliError, Outcome, working_directory};
use crate::config::{self, Config};
use crate::external_generators::{Generator, Recipe};
use crate::pipeline;
use crate::report::Reporter;

/// Write a crdgen.toml, and configs for client generators
///
/// Files that exist are not changed.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// CRD files, folders and globs
    #[arg(value_name = "INPUT", default_value = "crds")]
    inputs: Vec<String>,

    /// Also write the config of this client generator, which `crdgen client --with` runs; may be repeated
    #[arg(long, value_name = "GENERATOR")]
    handover: Vec<Generator>,

    /// Folder for the generator's output
    #[arg(long, value_name = "DIR", requires = "handover")]
    out: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  crdgen init
  crdgen init deploy/crds --handover hey-api
  crdgen init --handover openapi-generator:go --out client-go";

pub(super) fn run(args: &Args, reporter: &Reporter) -> Result<Outcome, CliError> {
    let folder = working_directory()?;
    if !folder.join(config::FILE_NAME).exists() {
        create(&folder.join(config::FILE_NAME), &config_text(args))?;
        reporter.say(&format!("{} written; next: {}", config::FILE_NAME, next(&args.inputs)));
    } else {
        reporter.say(&format!("{} is there already", config::FILE_NAME));
    }
    for generator in &args.handover {
        let stated = Stated { openapi: None, out: args.out.clone() };
        let place = Place::new(*generator, &stated, Config::find(&folder).as_deref(), &folder)?;
        write_config(&place, &stated, reporter)?;
    }
    Ok(Outcome::Done)
}

/// Returns the command to run after `init`. Without CRDs `crdgen generate` would fail.
fn next(inputs: &[String]) -> String {
    match pipeline::read(inputs, io::empty()).crds.len() {
        0 => format!("put CRDs into {}, where there are none yet, then crdgen generate", inputs.join(", ")),
        _ => "crdgen generate".to_owned(),
    }
}

/// Returns the text of the first config file. The document has its own profile if progenitor reads it.
fn config_text(args: &Args) -> String {
    let inputs: Vec<_> = args.inputs.iter().map(|input| toml::Value::from(input.as_str()).to_string()).collect();
    let profile = match args.handover.contains(&Generator::Progenitor) {
        true => "profile = \"progenitor\"\n",
        false => "",
    };
    format!(
        "version = 1\ninputs = [{}]\n\n[rust]\ndir = \"src/generated\"\n\n[axum]\n\n[openapi]\npath = \"openapi.json\"\n{profile}",
        inputs.join(", ")
    )
}

/// Writes the config of a recipe unless it exists. An existing config must contain the paths that the command
/// line names.
pub(super) fn write_config(place: &Place, stated: &Stated, reporter: &Reporter) -> Result<(), CliError> {
    let Some((name, text)) = &place.recipe.config else { return Ok(()) };
    let file = place.folder.join(name);
    if let Ok(written) = fs::read_to_string(&file) {
        return agrees(name, &written, &place.recipe, stated);
    }
    create(&file, text)?;
    reporter.say(&format!("{name} written: yours to change"));
    Ok(())
}

fn agrees(name: &str, written: &str, recipe: &Recipe, stated: &Stated) -> Result<(), CliError> {
    let named =
        [("--out", stated.out.is_some(), &recipe.output), ("--openapi", stated.openapi.is_some(), &recipe.document)];
    let Some((flag, _, path)) =
        named.iter().find(|(_, is_stated, path)| *is_stated && !written.contains(path.as_str()))
    else {
        return Ok(());
    };
    let message = format!("{name} is there already and does not name {path}, so `{flag}` has no effect");
    Err(Diagnostic::error("client::config", message)
        .help(format!("write {path} into {name}, or leave `{flag}` out"))
        .into())
}

/// Creates a file, and fails if it exists.
fn create(file: &Path, text: &str) -> Result<(), CliError> {
    let written = fs::File::create_new(file).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error: io::Error| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        Diagnostic::error("init::unwritable", format!("cannot write {name}: {error}")).into()
    })
}
