//! Runs of the tools with documents: generators with the compilers of their output, and linters.

use std::path::{Path, PathBuf};

use anyhow::Result;
use crdgen::external_generators::{Generator, Language, Recipe};
use crdgen_harness::{check, process, workspace};

use super::compile;
use super::document::Document;
use super::report::Row;
use super::subject::Subject;
use super::toolbox::Toolbox;

/// Runs a tool with a document and returns the result.
pub fn row(subject: Subject, document: &Document, toolbox: &Toolbox) -> Result<Row> {
    let name = format!("{}-{}-{}", document.name, document.form.name(), subject.name().replace(':', "-"));
    let folder = toolbox.work().join(name);
    workspace::empty(&folder)?;
    workspace::write(&folder.join(DOCUMENT), &document.text)?;
    let (files, errors) = match subject {
        Subject::Generator(generator) => generate(generator, &folder, toolbox)?,
        Subject::Redocly => (0, messages(check::openapi_lint(toolbox.checks(), &folder, &[PathBuf::from(DOCUMENT)])?)),
        Subject::OpenapiSpecValidator => {
            (0, messages(check::openapi_spec(toolbox.validator(), &folder, &[PathBuf::from(DOCUMENT)])?))
        }
        Subject::Spectral => (0, spectral(&folder, toolbox)?),
    };
    Ok(Row {
        tool: subject.name(),
        version: toolbox.version(subject),
        document: document.name.clone(),
        openapi: document.form.name(),
        files,
        errors,
    })
}

const DOCUMENT: &str = "openapi.json";
const OUTPUT: &str = "client";

fn messages(findings: Vec<check::Finding>) -> Vec<String> {
    findings.into_iter().map(|finding| finding.message).collect()
}

/// Runs spectral with its recommended rules for OpenAPI. Warnings are ignored.
fn spectral(folder: &Path, toolbox: &Toolbox) -> Result<Vec<String>> {
    workspace::write(&folder.join("ruleset.yaml"), "extends: [\"spectral:oas\"]\n")?;
    let mut command = toolbox.of_npm("spectral");
    command.args(["lint", "--quiet", "--format=text", "--fail-severity=error", "--display-only-failures"]);
    let output = process::capture(command.args(["--ruleset=ruleset.yaml", DOCUMENT]).current_dir(folder))?;
    let text = process::text(&output);
    let errors: Vec<_> = text.lines().filter(|line| line.contains(" error ")).map(str::to_owned).collect();
    Ok(if errors.is_empty() && !output.status.success() { vec![text] } else { errors })
}

/// Runs a generator with its recipe, and the compiler on its output. Returns the number of files and the errors.
fn generate(generator: Generator, folder: &Path, toolbox: &Toolbox) -> Result<(usize, Vec<String>)> {
    let recipe = Recipe::new(generator, DOCUMENT, OUTPUT);
    if let Some((name, text)) = &recipe.config {
        workspace::write(&folder.join(name), text)?;
    }
    let output = process::capture(&mut recipe.command(folder, &toolbox.path()?)?)?;
    if !output.status.success() {
        return Ok((0, vec![format!("{}: {}", recipe.program, process::text(&output))]));
    }
    let made = folder.join(OUTPUT);
    let errors = match generator {
        Generator::HeyApi | Generator::OpenapiTypescript | Generator::Orval | Generator::Kubb => {
            compile::typescript(folder, toolbox)?
        }
        Generator::OpenapiGenerator(language) => match language {
            Language::TypescriptFetch | Language::TypescriptAxios | Language::TypescriptAngular => {
                compile::typescript(folder, toolbox)?
            }
            Language::Rust => compile::rust("openapi-generator", &made, toolbox)?,
            Language::Go => compile::go(&made)?,
            Language::Python => compile::python(&made, toolbox)?,
        },
        Generator::Progenitor => compile::rust("progenitor", &made, toolbox)?,
    };
    Ok((workspace::count(&made)?, errors))
}
