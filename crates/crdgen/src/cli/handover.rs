//! Config with which a client generator of another project runs, for `crdgen init --handover` and `crdgen client`.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crdgen_schema::Diagnostic;

use super::error::CliError;
use crate::config::Config;
use crate::external_generators::{Generator, Recipe};
use crate::lock::Target;
use crate::output::site::{relative, shown};
use crate::report::Reporter;

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
    pub(super) fn readable(&self, generator: Generator) -> Result<(), CliError> {
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

/// Writes the config of a recipe unless it exists. An existing config must contain the paths that the command
/// line names.
pub(super) fn write_config(place: &Place, stated: &Stated, reporter: &Reporter) -> Result<(), CliError> {
    let Some((name, text)) = &place.recipe.config else { return Ok(()) };
    let file = place.folder.join(name);
    if let Ok(written) = fs::read_to_string(&file) {
        return agrees(name, &written, &place.recipe, stated);
    }
    create(&file, text)?;
    reporter.say(&format!("{name} written; you may change it"));
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
    let message = format!("{name} exists and does not contain {path}, so `{flag}` has no effect");
    Err(Diagnostic::error("client::config", message)
        .help(format!("write {path} into {name}, or remove `{flag}`"))
        .into())
}

/// Creates a file, and fails if it exists.
pub(super) fn create(file: &Path, text: &str) -> Result<(), CliError> {
    let written = fs::File::create_new(file).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error: io::Error| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        Diagnostic::error("init::unwritable", format!("cannot write {name}: {error}")).into()
    })
}
