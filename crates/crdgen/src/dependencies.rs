//! Crates that generated Rust needs, and those that a `Cargo.toml` lacks.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crdgen_emit::rust::{Builders, Client, KnownTypes, Serde};
use toml::{Table, Value};

use crate::pipeline::Targets;

/// Versions of the crates that generated code is tested with.
const VERSIONS: [(&str, &str); 8] = [
    ("axum", "0.8"),
    ("bon", "3.10"),
    ("k8s-openapi", "0.29"),
    ("kube", "5"),
    ("serde", "1"),
    ("serde_json", "1"),
    ("tokio", "1"),
    ("tower", "0.5"),
];

/// Name of the runtime crate. It has the version of crdgen.
pub const RUNTIME: &str = "crdgen-runtime";

/// Feature of k8s-openapi that selects a version of Kubernetes. Without such a feature it does not compile.
const KUBERNETES: &str = "v1_35";

/// Features of the runtime that contain its feature `server`.
const SERVERS: [&str; 5] = ["server", "serve", "tls", "metrics", "auth"];

/// Returns the tested version of a crate.
pub fn version(name: &str) -> &'static str {
    let known = VERSIONS.iter().find(|(known, _)| *known == name);
    known.map_or(env!("CARGO_PKG_VERSION"), |(_, version)| version)
}

/// Dependency of a crate with generated code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// Name of the crate.
    pub name: &'static str,
    /// Features that must be enabled.
    pub features: Vec<&'static str>,
    /// Whether the crate's default features are needed.
    pub default_features: bool,
}

impl Dependency {
    fn new(name: &'static str, features: &[&'static str]) -> Self {
        Self { name, features: features.to_vec(), default_features: true }
    }

    /// Returns the line for `[dependencies]`.
    pub fn line(&self) -> String {
        let version = version(self.name);
        let name = self.name;
        let mut parts = vec![format!("version = \"{version}\"")];
        if !self.default_features {
            parts.push("default-features = false".to_owned());
        }
        if !self.features.is_empty() {
            parts.push(format!("features = [{}]", quoted(&self.features)));
        }
        match &parts[..] {
            [_] => format!("{name} = \"{version}\""),
            _ => format!("{name} = {{ {} }}", parts.join(", ")),
        }
    }
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}

/// Returns the dependencies of the generated Rust, sorted by name. Empty if no Rust is generated.
pub fn needed(targets: &Targets) -> Vec<Dependency> {
    let Some(rust) = &targets.rust else { return Vec::new() };
    let is_kube = rust.client == Client::Kube;
    let of_runtime = [(targets.axum, "server"), (is_kube, "k8s-openapi")];
    let of_runtime: Vec<_> = of_runtime.into_iter().filter_map(|(is_needed, name)| is_needed.then_some(name)).collect();
    let mut needed = vec![Dependency::new(RUNTIME, &of_runtime)];
    if rust.builders == Builders::Bon {
        needed.push(Dependency::new("bon", &[]));
    }
    if is_kube || rust.known_types == KnownTypes::K8sOpenapi {
        needed.push(Dependency::new("k8s-openapi", &[KUBERNETES]));
    }
    if is_kube {
        needed.push(Dependency { default_features: false, ..Dependency::new("kube", &[]) });
    }
    if rust.serde == Serde::Derive {
        needed.push(Dependency::new("serde", &["derive"]));
    }
    needed.sort_by_key(|dependency| dependency.name);
    needed
}

/// A `Cargo.toml`.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The file.
    pub path: PathBuf,
    dependencies: Table,
}

impl Manifest {
    /// Returns the nearest manifest in `folder` or above. Returns `None` if there is none, or if it cannot be read.
    pub fn above(folder: &Path) -> Option<Self> {
        let path = folder.ancestors().map(|folder| folder.join("Cargo.toml")).find(|path| path.is_file())?;
        let manifest = read(&path)?;
        let shared = path.ancestors().skip(1).find_map(workspace_dependencies).unwrap_or_default();
        Some(Self { dependencies: dependencies(&manifest, &shared), path })
    }

    /// Returns whether the crate `name` is a dependency.
    pub fn has(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    /// Returns the lines that must be added or changed in `[dependencies]`, for those of `needed` that are
    /// missing or lack a feature.
    pub fn missing(&self, needed: &[Dependency]) -> Vec<String> {
        needed.iter().filter_map(|dependency| self.missing_line(dependency)).collect()
    }

    fn missing_line(&self, dependency: &Dependency) -> Option<String> {
        let Some(entry) = self.entry(dependency.name) else { return Some(dependency.line()) };
        let features = features(entry);
        let lacks = |feature: &&&str| !is_enabled(dependency.name, feature, &features);
        let lacking: Vec<_> = dependency.features.iter().filter(lacks).copied().collect();
        let noun = if lacking.len() == 1 { "feature" } else { "features" };
        (!lacking.is_empty()).then(|| format!("{}: add the {noun} {}", dependency.name, quoted(&lacking)))
    }

    /// Returns the entry of a crate, which may go by another name in the manifest.
    fn entry(&self, name: &str) -> Option<&Value> {
        let package = |value: &Value| value.get("package").and_then(Value::as_str).map(str::to_owned);
        let is_it = |(key, value): &(&String, &Value)| package(value).unwrap_or_else(|| (*key).clone()) == name;
        self.dependencies.iter().find(is_it).map(|(_, value)| value)
    }
}

fn read(path: &Path) -> Option<Table> {
    fs::read_to_string(path).ok()?.parse().ok()
}

fn workspace_dependencies(folder: &Path) -> Option<Table> {
    let manifest = read(&folder.join("Cargo.toml"))?;
    let workspace = manifest.get("workspace")?.as_table()?;
    Some(workspace.get("dependencies").and_then(Value::as_table).cloned().unwrap_or_default())
}

/// Returns the manifest of the workspace around a package of which the package is no member. Cargo refuses to build
/// such a package.
pub fn workspace_without(package: &Path) -> Option<PathBuf> {
    let is_workspace =
        |root: &&Path| read(&root.join("Cargo.toml")).is_some_and(|table| table.contains_key("workspace"));
    let root = package.ancestors().skip(1).find(is_workspace)?;
    let manifest = root.join("Cargo.toml");
    let workspace = read(&manifest)?.get("workspace")?.as_table()?.clone();
    let path = package.strip_prefix(root).ok()?;
    let patterns = |key: &str| workspace.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let is_named = |pattern: &Value| {
        let pattern = pattern.as_str().and_then(|text| glob::Pattern::new(text).ok());
        pattern.is_some_and(|pattern| pattern.matches_path(path))
    };
    let is_excluded = patterns("exclude").iter().filter_map(Value::as_str).any(|folder| path.starts_with(folder));
    (!is_excluded && !patterns("members").iter().any(is_named)).then_some(manifest)
}

/// Returns the dependencies for every platform. Those of the workspace are filled in.
fn dependencies(manifest: &Table, shared: &Table) -> Table {
    let of = |table: &Table| table.get("dependencies").and_then(Value::as_table).cloned().unwrap_or_default();
    let targets = manifest.get("target").and_then(Value::as_table);
    let of_targets = targets.into_iter().flat_map(Table::values).filter_map(Value::as_table).flat_map(of);
    let all = of(manifest).into_iter().chain(of_targets);
    all.map(|(name, entry)| {
        let entry = inherited(&name, &entry, shared).unwrap_or(entry);
        (name, entry)
    })
    .collect()
}

/// Returns the workspace's entry with the features that a member adds to it.
fn inherited(name: &str, entry: &Value, shared: &Table) -> Option<Value> {
    entry.get("workspace").and_then(Value::as_bool).filter(|is_inherited| *is_inherited)?;
    let mut table = match shared.get(name)? {
        Value::Table(table) => table.clone(),
        version => Table::from_iter([("version".to_owned(), version.clone())]),
    };
    let all =
        features(entry).into_iter().chain(features(shared.get(name)?)).map(|feature| Value::from(feature.as_str()));
    table.insert("features".to_owned(), Value::Array(all.collect()));
    Some(Value::Table(table))
}

fn features(entry: &Value) -> BTreeSet<String> {
    let listed = entry.get("features").and_then(Value::as_array);
    listed.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn is_enabled(name: &str, feature: &str, enabled: &BTreeSet<String>) -> bool {
    match (name, feature) {
        (RUNTIME, "server") => SERVERS.iter().any(|server| enabled.contains(*server)),
        // One version of Kubernetes is as good as another.
        ("k8s-openapi", KUBERNETES) => {
            enabled.iter().any(|feature| feature.starts_with("v1_") || feature == "latest" || feature == "earliest")
        }
        _ => enabled.contains(feature),
    }
}

#[cfg(test)]
mod tests {
    use crdgen_emit::rust;

    use super::*;

    fn missing(manifest: &str, targets: &Targets) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        Manifest::above(&folder.path().join("src")).unwrap().missing(&needed(targets))
    }

    fn kube_api() -> Targets {
        Targets { rust: Some(rust::Options::default()), axum: true, ..Targets::default() }
    }

    #[test]
    fn every_dependency_has_a_line() {
        assert_eq!(
            missing("[package]\nname = 'a'\n", &kube_api()),
            [
                &format!(
                    "crdgen-runtime = {{ version = \"{}\", features = [\"server\", \"k8s-openapi\"] }}",
                    version(RUNTIME)
                ),
                "k8s-openapi = { version = \"0.29\", features = [\"v1_35\"] }",
                "kube = { version = \"5\", default-features = false }",
            ]
        );
        assert_eq!(missing("", &Targets::default()), [""; 0]);
    }

    #[test]
    fn a_present_dependency_lacks_at_most_features() {
        let manifest = "[dependencies]\ncrdgen-runtime = { path = 'x', features = ['serve'] }\nk8s-openapi = '0.29'\n\
                        [target.'cfg(unix)'.dependencies]\nk = { package = 'kube', version = '5' }\n";
        assert_eq!(
            missing(manifest, &kube_api()),
            ["crdgen-runtime: add the feature \"k8s-openapi\"", "k8s-openapi: add the feature \"v1_35\""]
        );
    }

    #[test]
    fn features_of_the_workspace_count() {
        let manifest = "[workspace.dependencies]\ncrdgen-runtime = { path = 'x', features = ['k8s-openapi'] }\nkube = '5'\n\
                        k8s-openapi = { version = '0.29', features = ['latest'] }\n[dependencies]\nkube.workspace = true\n\
                        k8s-openapi.workspace = true\ncrdgen-runtime = { workspace = true, features = ['tls'] }\n";
        assert_eq!(missing(manifest, &kube_api()), [""; 0]);
    }

    #[test]
    fn every_version_is_that_of_the_workspace() {
        let workspace = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.toml")).unwrap();
        for (name, tested) in VERSIONS {
            let entry = &workspace["workspace"]["dependencies"][name];
            assert_eq!(entry.get("version").unwrap_or(entry).as_str(), Some(tested), "{name}");
        }
        let openapi = features(&workspace["workspace"]["dependencies"]["k8s-openapi"]);
        assert!(openapi.contains(KUBERNETES));
    }
}
