//! Programs that validate objects, and how to read their output.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use crdgen_harness::{process, workspace};
use serde_json::Value as Json;
use wait4::Wait4;

use super::inputs::Inputs;

/// Go packages and their versions.
const KUBECONFORM: (&str, &str) = ("github.com/yannh/kubeconform/cmd/kubeconform", "v0.8.0");
const KUBECTL_VALIDATE: (&str, &str) = ("sigs.k8s.io/kubectl-validate", "v0.0.4");

/// A program.
pub struct Tool {
    pub name: &'static str,
    pub version: String,
    program: PathBuf,
    arguments: Vec<String>,
    /// Returns the files that the output refuses.
    refused: fn(&Json) -> Vec<&str>,
}

/// Result of a program.
pub struct Judged {
    pub cpu: Duration,
    /// Names of the files that the program refuses.
    pub refused: BTreeSet<String>,
}

impl Tool {
    /// Undeclared fields are warnings, since the server drops them.
    pub fn crdgen(program: Option<&Path>) -> Result<Self> {
        let program = match program {
            // The programs run in the folder of the objects.
            Some(program) => std::path::absolute(program)?,
            None => {
                process::run(process::cargo().args(["build", "--quiet", "--release", "--package", "crdgen"]))?;
                workspace::target().join("release/crdgen")
            }
        };
        let options = "--no-config --quiet --unknown-fields warn --format json --crds";
        Ok(Self {
            name: "crdgen",
            version: env!("CARGO_PKG_VERSION").to_owned(),
            program,
            arguments: arguments(&["validate", Inputs::OBJECTS], options, Inputs::CRDS),
            refused: |output| {
                let rows = output.as_array().into_iter().flatten();
                rows.filter(|row| row["severity"] == "error").filter_map(|row| row["file"].as_str()).collect()
            },
        })
    }

    pub fn kubeconform(program: Option<&Path>) -> Result<Self> {
        let location =
            format!("{}/{{{{.Group}}}}/{{{{.ResourceKind}}}}_{{{{.ResourceAPIVersion}}}}.json", Inputs::SCHEMAS);
        Ok(Self {
            name: "kubeconform",
            version: KUBECONFORM.1.to_owned(),
            program: installed("kubeconform", KUBECONFORM, program)?,
            arguments: arguments(&[], "-output json -verbose -schema-location", &location)
                .into_iter()
                .chain([Inputs::OBJECTS.to_owned()])
                .collect(),
            refused: |output| {
                let rows = output["resources"].as_array().into_iter().flatten();
                rows.filter(|row| row["status"] != "statusValid").filter_map(|row| row["filename"].as_str()).collect()
            },
        })
    }

    pub fn kubectl_validate(program: Option<&Path>) -> Result<Self> {
        // The version is that of Kubernetes' own kinds, which the objects are not.
        let options = "--version 1.30 --output json --local-crds";
        Ok(Self {
            name: "kubectl-validate",
            version: KUBECTL_VALIDATE.1.to_owned(),
            program: installed("kubectl-validate", KUBECTL_VALIDATE, program)?,
            arguments: arguments(&[Inputs::OBJECTS], options, Inputs::CRDS),
            refused: |output| {
                let files = output.as_object().into_iter().flatten();
                let is_refused = |results: &Json| {
                    results.as_array().into_iter().flatten().any(|result| result["status"] != "Success")
                };
                files.filter(|(_, results)| is_refused(results)).map(|(file, _)| file.as_str()).collect()
            },
        })
    }

    /// Runs the program on all objects.
    pub fn judge(&self, inputs: &Inputs) -> Result<Judged> {
        let output = workspace::scratch("validate-output").join(self.name);
        workspace::write(&output, "")?;
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).current_dir(&inputs.folder).stdin(Stdio::null());
        command.stdout(fs::File::create(&output)?).stderr(Stdio::null());
        let mut child = command.spawn().with_context(|| format!("cannot run {}", self.program.display()))?;
        let ended = child.wait4()?;
        let text = fs::read_to_string(&output)?;
        let json: Json = serde_json::from_str(&text).with_context(|| format!("{} wrote no JSON", self.name))?;
        let name = |file: &str| Path::new(file).file_name().map(|name| name.to_string_lossy().into_owned());
        let refused = (self.refused)(&json).into_iter().filter_map(name).collect();
        Ok(Judged { cpu: ended.rusage.utime + ended.rusage.stime, refused })
    }
}

fn arguments(first: &[&str], options: &str, last: &str) -> Vec<String> {
    first.iter().copied().chain(options.split(' ')).chain([last]).map(str::to_owned).collect()
}

/// Returns a program that is named, or installs it with Go.
fn installed(name: &str, (package, version): (&str, &str), program: Option<&Path>) -> Result<PathBuf> {
    if let Some(program) = program {
        return Ok(std::path::absolute(program)?);
    }
    let folder = workspace::scratch("validate-programs").join(version);
    let program = folder.join(name);
    if !program.exists() {
        if !process::is_installed_as("go", "version") {
            bail!("Go is not there, and `--{name}` names no program");
        }
        eprintln!("installing {package}@{version}; the first time this takes minutes");
        let mut go = Command::new("go");
        process::run(
            go.args(["install", &format!("{package}@{version}")]).env("GOBIN", &folder).env("CGO_ENABLED", "0"),
        )?;
    }
    Ok(program)
}
