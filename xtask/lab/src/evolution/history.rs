//! Releases of projects, in the order of their versions.

use std::cmp::Ordering;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use crdgen_schema::{Crd, Severity, collect, load};

/// Releases of one project.
pub struct Project {
    /// Name of the project's folder.
    pub name: String,
    /// Files or folders of the releases, the oldest first.
    pub releases: Vec<PathBuf>,
}

/// CRDs of a release.
pub struct Release {
    /// Name of the file or folder.
    pub name: String,
    pub crds: Vec<Crd>,
    /// Names of CRDs that crdgen cannot read.
    pub refused: Vec<String>,
    /// Errors of files and CRDs that cannot be read.
    pub errors: Vec<String>,
}

/// Returns the projects in a folder: one for each folder in it. A folder that contains manifests, or only folders with
/// names such as `v1.2.0`, is one project. A folder that contains nothing but one folder stands for that folder.
pub fn projects(folder: &Path) -> Result<Vec<Project>> {
    let entries = entries(folder)?;
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = entries.into_iter().partition(|path| path.is_dir());
    let is_release = |folder: &PathBuf| Version::is_dotted(&name(folder));
    let is_project =
        files.iter().any(|path| is_manifest(path)) || (folders.len() > 1 && folders.iter().all(is_release));
    if is_project {
        return Ok(vec![project(folder)?]);
    }
    match folders.as_slice() {
        [only] if !is_release(only) && !holds_releases(only)? => projects(only),
        _ => folders.iter().map(|folder| project(folder)).collect(),
    }
}

/// Returns whether a folder contains manifests or folders of versions.
fn holds_releases(folder: &Path) -> Result<bool> {
    Ok(entries(folder)?.iter().any(|path| is_manifest(path) || (path.is_dir() && Version::is_dotted(&name(path)))))
}

/// Returns a project whose releases are the files and folders in a folder.
fn project(folder: &Path) -> Result<Project> {
    let mut releases: Vec<PathBuf> =
        entries(folder)?.into_iter().filter(|path| path.is_dir() || is_manifest(path)).collect();
    if let [only] = releases.as_slice()
        && only.is_dir()
        && !Version::is_dotted(&name(only))
        && holds_releases(only)?
    {
        let inner = project(only)?;
        return Ok(Project { name: name(folder), ..inner });
    }
    releases.sort_by(|this, that| compare(&name(this), &name(that)));
    Ok(Project { name: name(folder), releases })
}

/// Reads the CRDs of a release.
pub fn read(path: &Path) -> Release {
    let mut diagnostics = Vec::new();
    let found = load(collect(&[path.display().to_string()], io::empty()), &mut diagnostics);
    let errors = diagnostics.into_iter().filter(|found| found.severity == Severity::Error);
    let errors = errors.map(|error| format!("{}: {}", error.code, error.message)).collect();
    Release { name: name(path), crds: found.crds, refused: found.refused_names, errors }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.retain(|path| !name(path).starts_with('.'));
    paths.sort();
    Ok(paths)
}

fn is_manifest(path: &Path) -> bool {
    path.is_file()
        && path.extension().is_some_and(|extension| ["yaml", "yml", "json"].iter().any(|known| extension == *known))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Compares names of releases by the versions in them, as Semantic Versioning orders them, and then as text. A name
/// without a version, such as `main`, comes last.
fn compare(this: &str, that: &str) -> Ordering {
    match (Version::of(this), Version::of(that)) {
        (Some(one), Some(other)) => one.cmp(&other).then_with(|| this.cmp(that)),
        (one, other) => other.is_some().cmp(&one.is_some()).then_with(|| this.cmp(that)),
    }
}

/// Version in the name of a release: numbers, and the parts of a pre-release. A release is newer than its pre-releases.
#[derive(Debug, PartialEq, Eq)]
struct Version {
    numbers: Vec<u64>,
    pre: Vec<Part>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Text(String),
}

impl Version {
    /// Returns whether a name contains a version of at least two numbers, as in `v1.2`.
    fn is_dotted(name: &str) -> bool {
        Self::of(name).is_some_and(|version| version.numbers.len() > 1)
    }

    /// Returns the version in a name, for example in `v1.2.0-rc1`, `operator-1.2.yaml` and `release-0.9`.
    fn of(name: &str) -> Option<Self> {
        let mut stem = name;
        for ending in [".yaml", ".yml", ".json"] {
            stem = stem.strip_suffix(ending).unwrap_or(stem);
        }
        // A digit in a word, as in `k8s-operator-1.2`, is no version.
        let starts = stem.char_indices().filter(|(at, letter)| {
            let before = stem[..*at].trim_end_matches(['v', 'V']).chars().next_back();
            letter.is_ascii_digit() && before.is_none_or(|before| !before.is_alphanumeric() && before != '.')
        });
        let start = starts
            .map(|(at, _)| at)
            .find(|at| stem[*at..].contains('.'))
            .or_else(|| stem.find(|letter: char| letter.is_ascii_digit()))?;
        let text = &stem[start..];
        let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
        let numbers = text[..end].split('.').filter_map(|number| number.parse().ok()).collect();
        let rest = text[end..].split('+').next().unwrap_or_default();
        let pre = rest.split(['-', '.', '_']).filter(|part| !part.is_empty()).flat_map(parts).collect();
        Some(Self { numbers, pre })
    }
}

/// Splits `rc10` into `rc` and 10.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let end = rest.find(|letter: char| letter.is_ascii_digit() != is_digit).unwrap_or(rest.len());
        parts.push(match rest[..end].parse() {
            Ok(number) => Part::Number(number),
            Err(_) => Part::Text(rest[..end].to_lowercase()),
        });
        rest = &rest[end..];
    }
    parts
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let length = self.numbers.len().max(other.numbers.len());
        let number = |version: &Self, index: usize| version.numbers.get(index).copied().unwrap_or(0);
        let by_number =
            (0..length).map(|index| number(self, index).cmp(&number(other, index))).find(|order| order.is_ne());
        // A version without a pre-release is the newest of its numbers.
        by_number
            .unwrap_or(Ordering::Equal)
            .then_with(|| self.pre.is_empty().cmp(&other.pre.is_empty()))
            .then_with(|| self.pre.cmp(&other.pre))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_in_the_order_of_their_versions() {
        let mut names = ["a-1.10.0", "a-1.9.0", "a-1.10.0-rc2", "a-1.10.0-rc10", "a-2.0", "k8s-a-0.1.0"];
        names.sort_by(|this, that| compare(this, that));
        assert_eq!(names, ["k8s-a-0.1.0", "a-1.9.0", "a-1.10.0-rc2", "a-1.10.0-rc10", "a-1.10.0", "a-2.0"]);
    }
}
