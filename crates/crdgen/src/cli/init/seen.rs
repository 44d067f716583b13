//! CRDs, `Cargo.toml` and `package.json` of a project that exists.

use std::fs;
use std::io;
use std::path::Path;

use crate::dependencies::{Manifest, RUNTIME};
use crate::pipeline;
use crate::starter::CRDS;

/// Folders in which projects keep CRDs. A `*` stands for any name.
const FOLDERS: [&str; 12] = [
    CRDS,
    "crd",
    "config/crd/bases",
    "config/crd",
    "config/crds",
    "deploy/crds",
    "deploy/crd",
    "manifests/crds",
    "k8s/crds",
    "charts/*/crds",
    "chart/crds",
    "helm/*/crds",
];

/// Folders in which projects keep their pages, the project's own folder first.
const PAGES: [&str; 6] = ["", "web", "ui", "frontend", "client", "app"];

/// Parts of a project that decide about its config.
pub(super) struct Seen {
    /// CRD files, folders and globs.
    pub(super) inputs: Vec<String>,
    /// A kind of the CRDs; `None` if there are no CRDs.
    pub(super) kind: Option<String>,
    /// The project's own `Cargo.toml`.
    pub(super) manifest: Option<Manifest>,
    /// Folder for the TypeScript files, if there are pages.
    pub(super) pages: Option<String>,
}

impl Seen {
    /// Looks at the project in `folder`, which is the working directory. Looks for CRDs only if no `inputs` are
    /// given.
    pub(super) fn new(inputs: &[String], folder: &Path) -> Self {
        let inputs = if inputs.is_empty() { folders_with_crds() } else { inputs.to_vec() };
        Self {
            kind: kind_in(&inputs),
            inputs,
            manifest: Manifest::above(folder).filter(|manifest| manifest.path.parent() == Some(folder)),
            pages: pages(folder),
        }
    }

    /// Returns whether Rust types are wanted: always, but for a project that has pages alone.
    pub(super) fn wants_rust(&self) -> bool {
        self.manifest.is_some() || self.pages.is_none()
    }

    /// Returns whether the axum API is wanted. An operator has kube and no axum.
    pub(super) fn wants_api(&self) -> bool {
        let has = |name| self.manifest.as_ref().is_some_and(|manifest| manifest.has(name));
        self.wants_rust() && (!has("kube") || has("axum") || has(RUNTIME))
    }

    pub(super) fn has_kube(&self) -> bool {
        self.manifest.as_ref().is_some_and(|manifest| manifest.has("kube"))
    }
}

/// Returns the folders with CRDs, or `crds` if there are none. Leaves out folders inside others.
fn folders_with_crds() -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for pattern in FOLDERS {
        let folders = glob::glob(pattern).into_iter().flatten().filter_map(Result::ok).filter(|path| path.is_dir());
        for folder in folders.map(|folder| folder.to_string_lossy().replace('\\', "/")) {
            let is_known = found.iter().any(|known| Path::new(known).starts_with(&folder));
            if !is_known && kind_in(std::slice::from_ref(&folder)).is_some() {
                found.push(folder);
            }
        }
    }
    if found.is_empty() { vec![CRDS.to_owned()] } else { found }
}

fn kind_in(inputs: &[String]) -> Option<String> {
    pipeline::read(inputs, io::empty()).crds.first().map(|crd| crd.names.kind.clone())
}

/// Returns the folder for the TypeScript files of the project's pages.
fn pages(folder: &Path) -> Option<String> {
    let has_package = |pages: &&&str| fs::metadata(folder.join(pages).join("package.json")).is_ok();
    let pages = PAGES.iter().find(has_package)?;
    let sources = Path::new(pages).join("src/api");
    Some(sources.to_string_lossy().replace('\\', "/"))
}
