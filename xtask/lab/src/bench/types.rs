//! Workspace with the crates to compare: equal types from different generators.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use crdgen::pipeline::{self, Selection, Targets, Versions};
use crdgen_emit::rust::{self, Client, Serde};
use crdgen_harness::workspace;
use crdgen_model::Names;

use super::kopium;
use super::subject::Subject;

/// Generator of a crate's types, with its options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Types of kopium, with serde's derives.
    Kopium,
    /// crdgen with derived serde.
    Derived,
    /// crdgen with default options.
    Crdgen,
    /// crdgen with `kube = false`.
    Light,
}

impl By {
    /// All variants. The first is the base of the comparison.
    pub const ALL: [Self; 4] = [Self::Kopium, Self::Derived, Self::Crdgen, Self::Light];

    /// Returns the name for tables.
    pub fn title(self) -> &'static str {
        match self {
            Self::Kopium => "kopium",
            Self::Derived => "crdgen, serde = \"derive\"",
            Self::Crdgen => "crdgen",
            Self::Light => "crdgen, kube = false",
        }
    }

    /// Returns the name for packages and JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Kopium => "kopium",
            Self::Derived => "derived",
            Self::Crdgen => "crdgen",
            Self::Light => "light",
        }
    }

    fn options(self) -> rust::Options {
        let client = if self == Self::Light { Client::None } else { Client::Kube };
        let serde = if self == Self::Derived { Serde::Derive } else { Serde::Expanded };
        rust::Options { client, serde, ..rust::Options::default() }
    }

    /// Returns the dependencies of the types.
    fn dependencies(self) -> &'static str {
        match self {
            Self::Kopium => {
                "k8s-openapi.workspace = true\nkube = { workspace = true, features = [\"derive\"] }\n\
                 serde.workspace = true\nserde_json.workspace = true\n"
            }
            Self::Derived | Self::Crdgen => {
                "crdgen-runtime = { workspace = true, features = [\"k8s-openapi\"] }\nk8s-openapi.workspace = true\n\
                 kube.workspace = true\nserde.workspace = true\n"
            }
            Self::Light => "crdgen-runtime.workspace = true\n",
        }
    }
}

/// A crate to be measured.
pub struct Crate {
    pub package: String,
    /// Root file, which is touched so that the crate is checked again.
    pub root: PathBuf,
    /// Number of structs and enums.
    pub types: usize,
}

/// Returns the folder of the workspace.
pub fn folder() -> PathBuf {
    workspace::scratch("bench/compile")
}

/// Writes the workspace: a crate for every subject and each of [`By::ALL`].
pub fn write(kopium: &Path, subjects: &[Subject]) -> Result<Vec<Vec<Crate>>> {
    let folder = folder();
    workspace::empty(&folder.join("crates"))?;
    let mut workspace = toml::Table::new();
    workspace.insert("members".to_owned(), vec!["crates/*"].into());
    workspace.insert("resolver".to_owned(), "3".into());
    workspace.insert("dependencies".to_owned(), workspace::dependencies()?.into());
    let manifest = toml::Table::from_iter([("workspace".to_owned(), workspace.into())]);
    workspace::write(&folder.join("Cargo.toml"), &manifest.to_string())?;
    fs::copy(workspace::root().join("Cargo.lock"), folder.join("Cargo.lock")).context("Cargo.lock")?;
    let of = |subject| By::ALL.iter().map(|by| write_crate(kopium, subject, *by)).collect();
    subjects.iter().map(of).collect()
}

fn write_crate(kopium: &Path, subject: &Subject, by: By) -> Result<Crate> {
    let package = format!("{}-{}", subject.name, by.id());
    let folder = folder().join("crates").join(&package);
    let files = match by {
        By::Kopium => kopium::crate_of(kopium, subject)?,
        By::Derived | By::Crdgen | By::Light => crdgen(subject, by)?,
    };
    let manifest = format!(
        "[package]\nname = \"{package}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{}",
        by.dependencies()
    );
    workspace::write(&folder.join("Cargo.toml"), &manifest)?;
    let mut types = 0;
    for (path, text) in &files {
        let is_type = |line: &&str| line.starts_with("pub struct ") || line.starts_with("pub enum ");
        types += text.lines().filter(is_type).count();
        workspace::write(&folder.join(path), text)?;
    }
    Ok(Crate { package, root: folder.join("src/lib.rs"), types })
}

fn crdgen(subject: &Subject, by: By) -> Result<BTreeMap<String, String>> {
    let selection = Selection { versions: Versions::Storage, ..Selection::default() };
    let targets = Targets { rust: Some(by.options()), ..Targets::default() };
    let output = pipeline::generate(&subject.crds(), &selection, &targets, &Names::default())?;
    let mut files: BTreeMap<_, _> =
        output.rust.into_iter().map(|(path, text)| (format!("src/generated/{path}"), text)).collect();
    files.insert("src/lib.rs".to_owned(), "#![allow(warnings)]\npub mod generated;\n".to_owned());
    Ok(files)
}
