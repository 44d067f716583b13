//! `known`: reference data of Kubernetes' own types over several versions, read from the sources of releases of
//! k8s-openapi.
//!
//! The result is `crates/crdgen-model/src/known/*.json`. crdgen needs k8s-openapi for nothing else about these types.
//! Cargo downloads the sources; they are not compiled.

mod history;
mod source;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use crdgen_harness::{Verdict, process, workspace};
use serde_json::Value as Json;

use history::History;

/// Write the reference data of Kubernetes' types.
#[derive(clap::Args)]
pub struct Args {
    /// Write nothing; exit with 100 if a file differs.
    #[arg(long)]
    check: bool,
}

/// Releases of k8s-openapi that together cover every version since Kubernetes 1.16, the first with
/// `apiextensions.k8s.io/v1`. If two releases have a Kubernetes version, the later one is used.
const RELEASES: [&str; 4] = ["0.14.0", "0.21.1", "0.24.0", "0.29.0"];

/// API groups whose types occur in CRDs, by their folders in k8s-openapi.
const PACKAGES: [&str; 10] = [
    "api/admissionregistration/v1",
    "api/apps/v1",
    "api/autoscaling/v2",
    "api/batch/v1",
    "api/core/v1",
    "api/networking/v1",
    "api/policy/v1",
    "api/rbac/v1",
    "api/storage/v1",
    "apimachinery/pkg/apis/meta/v1",
];

pub fn run(args: &Args) -> Result<Verdict> {
    let mut verdict = Verdict::Good;
    let sources = sources()?;
    for package in PACKAGES {
        let text = print(package, &history(&sources, package)?)?;
        let file = workspace::root().join("crates/crdgen-model/src/known").join(file_name(package));
        if fs::read_to_string(&file).is_ok_and(|found| found == text) {
            continue;
        }
        if args.check {
            eprintln!("{} differs: run `cargo xtask known`", file.strip_prefix(workspace::root())?.display());
            verdict = Verdict::Findings;
        } else {
            workspace::write(&file, &text)?;
        }
    }
    Ok(verdict)
}

/// Returns the source folder of each Kubernetes version, by its minor number.
fn sources() -> Result<BTreeMap<u8, PathBuf>> {
    let _alone = workspace::exclusive("known")?;
    let mut sources = BTreeMap::new();
    for folder in releases()? {
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            let minor = path.file_name().and_then(|name| name.to_str()?.strip_prefix("v1_")?.parse().ok());
            if let Some(minor) = minor.filter(|_| path.is_dir()) {
                sources.insert(minor, path);
            }
        }
    }
    Ok(sources)
}

/// Returns the `src` folder of every release, earliest first.
fn releases() -> Result<Vec<PathBuf>> {
    let project = workspace::scratch("known");
    let dependencies = RELEASES.map(|version| {
        let name = version.replace('.', "-");
        format!("k8s-openapi-{name} = {{ package = \"k8s-openapi\", version = \"={version}\" }}\n")
    });
    let head = "[package]\nname = \"known\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n";
    workspace::write(&project.join("Cargo.toml"), &format!("{head}{}", dependencies.concat()))?;
    workspace::write(&project.join("src/lib.rs"), "")?;
    let mut command = process::cargo();
    command.current_dir(&project).args(["metadata", "--format-version", "1"]);
    let output = process::capture(&mut command)?;
    if !output.status.success() {
        bail!("cargo cannot bring k8s-openapi: {}", process::text(&output));
    }
    let metadata: Json = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists packages")?;
    RELEASES
        .iter()
        .map(|version| {
            let found =
                packages.iter().find(|package| package["name"] == "k8s-openapi" && package["version"] == *version);
            let manifest = found.and_then(|package| package["manifest_path"].as_str());
            let manifest = manifest.with_context(|| format!("cargo metadata names no k8s-openapi {version}"))?;
            Ok(Path::new(manifest).with_file_name("src"))
        })
        .collect()
}

fn history(sources: &BTreeMap<u8, PathBuf>, package: &str) -> Result<History> {
    let mut history = History::default();
    for (&minor, folder) in sources {
        let folder = folder.join(package);
        // `autoscaling/v2` exists since 1.23, `policy/v1` since 1.21.
        if !folder.is_dir() {
            continue;
        }
        for file in workspace::files(&folder, "rs")? {
            let text = fs::read_to_string(&file)?;
            let found =
                source::definition(&text).with_context(|| format!("cannot make sense of {}", file.display()))?;
            if let Some(definition) = found {
                history.add(minor, definition);
            }
        }
    }
    Ok(history)
}

fn file_name(package: &str) -> String {
    let words: Vec<_> = package.rsplit('/').take(2).collect();
    format!("{}_{}.json", words[1], words[0])
}

/// Returns the definitions as JSON, one per line, so that a change affects few lines.
fn print(package: &str, history: &History) -> Result<String> {
    let lines = history.definitions(package)?;
    let lines: Vec<_> =
        lines.iter().map(|(name, definition)| format!("{}:{definition}", Json::from(name.as_str()))).collect();
    Ok(format!("{{\n{}\n}}\n", lines.join(",\n")))
}
