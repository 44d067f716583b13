//! `crdgen init`: the first config file of a project, and configs of client generators.

mod seen;

use std::path::{Path, PathBuf};

use askama::Template;
use crdgen_schema::Diagnostic;

use super::error::CliError;
use super::generate;
use super::handover::{Place, Stated, create, write_config};
use super::outcome::Outcome;
use crate::config::{self, Config};
use crate::dependencies;
use crate::external_generators::Generator;
use crate::project::{ConfigFile, Project, Request, working_directory};
use crate::report::Reporter;
use crate::starter::{ConfigText, SCHEMA, toml_list, toml_text};
use seen::Seen;

/// Write a crdgen.toml for this project, and configs for client generators
///
/// CRDs, Cargo.toml and package.json of the project decide what the file says. Files that exist are not
/// changed.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// CRD files, folders and globs [default: folders with CRDs, such as crds or config/crd]
    #[arg(value_name = "INPUT")]
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
        write_first(args, &folder, reporter)?;
    } else {
        reporter.say(&format!("{} exists and is not changed", config::FILE_NAME));
    }
    for generator in &args.handover {
        let stated = Stated { openapi: None, out: args.out.clone() };
        let place = Place::new(*generator, &stated, Config::find(&folder).as_deref(), &folder)?;
        write_config(&place, &stated, reporter)?;
    }
    Ok(Outcome::Done)
}

/// Writes the first config file, and prints what else the project needs.
fn write_first(args: &Args, folder: &Path, reporter: &Reporter) -> Result<(), CliError> {
    let seen = Seen::new(&args.inputs, folder);
    let file = folder.join(config::FILE_NAME);
    let text = config_text(args, &seen).render();
    create(&file, &text.map_err(|error| Diagnostic::error("internal::template", error.to_string()))?)?;
    let inputs = seen.inputs.join(", ");
    match &seen.kind {
        Some(_) => reporter.say(&format!("{} written for the CRDs in {inputs}", config::FILE_NAME)),
        None => reporter.say(&format!("{} written", config::FILE_NAME)),
    }
    let request = Request { config: ConfigFile::At(file), ..Request::default() };
    if let (Some(manifest), Ok(project)) = (&seen.manifest, Project::new(request, folder)) {
        let lines = manifest.missing(&dependencies::needed(&project.targets));
        generate::suggest(manifest, &lines, folder, reporter);
    }
    // Without CRDs `crdgen generate` would fail.
    match seen.kind {
        Some(_) => reporter.say("next: run crdgen generate"),
        None => reporter.say(&format!("next: put CRDs into {inputs}, then run crdgen generate")),
    }
    Ok(())
}

/// Returns the first config file. The document has its own profile if progenitor reads it.
fn config_text(args: &Args, seen: &Seen) -> ConfigText {
    ConfigText {
        schema: SCHEMA,
        inputs: toml_list(seen.inputs.iter().map(String::as_str)),
        kind: seen.kind.clone().unwrap_or_else(|| "Widget".to_owned()),
        rust: seen.wants_rust().then(|| toml_text("src/generated")),
        kube: seen.has_kube(),
        axum: seen.wants_api(),
        openapi: (seen.wants_api() || !args.handover.is_empty()).then(|| toml_text("openapi.json")),
        title: None,
        progenitor: args.handover.contains(&Generator::Progenitor),
        typescript: seen.pages.as_deref().map(toml_text),
    }
}
