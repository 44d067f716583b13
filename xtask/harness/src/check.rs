//! Checks of generated files with other tools. Each finding names its file.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::process;
use crate::tools::{Node, Python};

/// A problem that a tool reports.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Path of the file below the checked folder.
    pub file: PathBuf,
    /// Name and message of the tool.
    pub message: String,
}

/// Runs `tsc --strict` on every TypeScript file below a folder.
pub fn typescript(node: &Node, folder: &Path) -> Result<Vec<Finding>> {
    tsc(&mut node.tsc(folder)?)
}

/// Runs a compiler on a TypeScript project with its own settings.
pub fn typescript_project(compiler: &Path, folder: &Path) -> Result<Vec<Finding>> {
    tsc(Command::new(compiler).args(["--pretty", "false", "--project", "."]).current_dir(folder))
}

fn tsc(command: &mut Command) -> Result<Vec<Finding>> {
    let output = process::capture(command)?;
    let text = process::text(&output);
    let findings: Vec<_> = text.lines().filter_map(tsc_error).collect();
    if findings.is_empty() && !output.status.success() {
        bail!("tsc failed:\n{text}");
    }
    Ok(findings)
}

/// Parses a line of the form `path(line,column): error TS2304: message`.
fn tsc_error(line: &str) -> Option<Finding> {
    let (place, message) = line.split_once(": error TS")?;
    let (file, at) = place.rsplit_once('(')?;
    Some(Finding { file: file.into(), message: format!("tsc: ({at} TS{message}") })
}

/// Runs `openapi-spec-validator` on documents below a folder.
pub fn openapi_spec(python: &Python, folder: &Path, files: &[PathBuf]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in files {
        let output = process::capture(python.openapi_spec_validator().arg(file).current_dir(folder))?;
        if !output.status.success() {
            let message = format!("openapi-spec-validator: {}", process::text(&output).trim());
            findings.push(Finding { file: file.clone(), message });
        }
    }
    Ok(findings)
}

/// Runs `redocly lint` on documents below a folder. Warnings are ignored.
pub fn openapi_lint(node: &Node, folder: &Path, files: &[PathBuf]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in files {
        let mut command = node.redocly();
        command.args(["--format=json", "--max-problems=1000"]).arg(file).current_dir(folder);
        let output = process::capture(&mut command)?;
        let lint: Lint = serde_json::from_slice(&output.stdout)
            .with_context(|| format!("redocly on {}:\n{}", file.display(), process::text(&output)))?;
        findings.extend(lint.problems.into_iter().filter(|problem| problem.severity == "error").map(|problem| {
            let places: Vec<_> = problem.location.into_iter().filter_map(|location| location.pointer).collect();
            Finding {
                file: file.clone(),
                message: format!("redocly: {}: {} {}", problem.rule, problem.message, places.join(" ")),
            }
        }));
    }
    Ok(findings)
}

#[derive(Deserialize)]
struct Lint {
    problems: Vec<Problem>,
}

#[derive(Deserialize)]
struct Problem {
    #[serde(rename = "ruleId")]
    rule: String,
    severity: String,
    message: String,
    #[serde(default)]
    location: Vec<Location>,
}

#[derive(Deserialize)]
struct Location {
    pointer: Option<String>,
}

/// Returns the errors of `cargo check` or `cargo clippy` by target.
pub fn cargo_check(command: &mut Command) -> Result<BTreeMap<String, Vec<String>>> {
    Ok(cargo_build(command, |_| {})?.errors)
}

/// Results of `cargo build`.
#[derive(Default)]
pub struct Built {
    /// Executables by target.
    pub executables: BTreeMap<String, PathBuf>,
    /// Errors by target.
    pub errors: BTreeMap<String, Vec<String>>,
}

/// Runs `cargo build` and calls `announce` for each executable when it is ready.
pub fn cargo_build(command: &mut Command, mut announce: impl FnMut(&str)) -> Result<Built> {
    command.args(["--quiet", "--message-format=json"]).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().context("cannot run cargo")?;
    let messages = child.stdout.take().context("cargo has no output")?;
    let mut built = Built::default();
    for line in BufReader::new(messages).lines() {
        let Ok(CargoMessage { target: Some(target), message, executable }) = serde_json::from_str(&line?) else {
            continue;
        };
        if let Some(executable) = executable {
            announce(&target.name);
            built.executables.insert(target.name, executable);
        } else if let Some(message) = message.filter(|message| message.level == "error") {
            built.errors.entry(target.name).or_default().push(message.rendered);
        }
    }
    let status = child.wait()?;
    if built.errors.is_empty() && !status.success() {
        bail!("cargo: {status}");
    }
    Ok(built)
}

#[derive(Deserialize)]
struct CargoMessage {
    target: Option<CargoTarget>,
    message: Option<CompilerMessage>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct CargoTarget {
    name: String,
}

#[derive(Deserialize)]
struct CompilerMessage {
    level: String,
    rendered: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_tsc_names_its_file() {
        let finding = tsc_error("a (b)/types.ts(3,7): error TS2304: Cannot find name 'X'.").unwrap();
        assert_eq!(finding.file, Path::new("a (b)/types.ts"));
        assert_eq!(finding.message, "tsc: (3,7) TS2304: Cannot find name 'X'.");
        assert_eq!(tsc_error("  detail of the line above"), None);
    }
}
