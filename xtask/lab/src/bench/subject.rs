//! Subjects of the compile benchmark: CRDs whose types form one crate.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use crdgen_schema::{Crd, Source};

use crate::corpus;

/// CRDs that are generated together.
pub struct Subject {
    /// Name of the subject and of its folder.
    pub name: String,
    /// Files with one CRD each, as kopium requires.
    pub files: Vec<Arc<Source>>,
}

impl Subject {
    /// Returns the CRDs in the files.
    pub fn crds(&self) -> Vec<Crd> {
        self.files.iter().flat_map(|file| corpus::crds(file, &mut Vec::new())).collect()
    }
}

/// Default subjects from the collection: the largest well-known CRD, several CRDs that share most of their types, and a
/// small CRD.
const DEFAULTS: [(&str, &[&str]); 3] = [
    ("prometheus", &["prometheus-operator/monitoring.coreos.com_prometheuses.yaml"]),
    (
        "prometheus-operator",
        &[
            "prometheus-operator/monitoring.coreos.com_alertmanagers.yaml",
            "prometheus-operator/monitoring.coreos.com_podmonitors.yaml",
            "prometheus-operator/monitoring.coreos.com_probes.yaml",
            "prometheus-operator/monitoring.coreos.com_prometheusagents.yaml",
            "prometheus-operator/monitoring.coreos.com_prometheuses.yaml",
            "prometheus-operator/monitoring.coreos.com_prometheusrules.yaml",
            "prometheus-operator/monitoring.coreos.com_scrapeconfigs.yaml",
            "prometheus-operator/monitoring.coreos.com_servicemonitors.yaml",
            "prometheus-operator/monitoring.coreos.com_thanosrulers.yaml",
        ],
    ),
    ("certificate", &["cert-manager/cert-manager.io_certificates.yaml"]),
];

/// Returns one subject for each path, or the default subjects if there are no paths.
pub fn subjects(paths: &[PathBuf]) -> Result<Vec<Subject>> {
    if paths.is_empty() { defaults() } else { paths.iter().map(|path| at(path)).collect() }
}

fn defaults() -> Result<Vec<Subject>> {
    let files: Vec<_> =
        corpus::projects(&corpus::default_path())?.into_iter().flat_map(|project| project.files).collect();
    let find = |name: &str| {
        let file = files.iter().find(|file| file.name == name);
        file.cloned().with_context(|| format!("the collection has no {name}"))
    };
    DEFAULTS
        .iter()
        .map(|(name, files)| {
            let files = files.iter().map(|name| find(name)).collect::<Result<_>>()?;
            Ok(Subject { name: (*name).to_owned(), files })
        })
        .collect()
}

/// Reads a subject from a file or from all files of a folder.
fn at(path: &Path) -> Result<Subject> {
    let name = path.file_stem().with_context(|| format!("{} has no name", path.display()))?.to_string_lossy();
    let files: Vec<_> = corpus::projects(path)?.into_iter().flat_map(|project| project.files).collect();
    if files.is_empty() {
        bail!("no CRDs in {}", path.display());
    }
    Ok(Subject { name: name.replace(|c: char| !c.is_ascii_alphanumeric(), "-"), files })
}
