//! Modules of a crate, and the file that declares a name.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use crdgen_harness::workspace;

use super::imports::{Names, Reference};

/// Maximum number of re-exports that are followed.
const MAX_REEXPORTS: usize = 8;

/// Names that each file uses, by the file that declares them.
pub type Imports = BTreeMap<PathBuf, BTreeMap<PathBuf, BTreeSet<String>>>;

/// Path of a module from the root of its crate.
type ModulePath = Vec<String>;

/// Files of a crate by their modules.
pub struct Crate {
    modules: BTreeMap<ModulePath, Module>,
}

struct Module {
    file: PathBuf,
    names: Names,
}

/// Returns the source folders of the crates of this workspace.
pub fn sources() -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in ["crates", "xtask"] {
        for path in workspace::files_where(&workspace::root().join(folder), is_source)? {
            if path.ends_with("src/lib.rs") || path.ends_with("src/main.rs") {
                found.extend(path.parent().map(Path::to_owned));
            }
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn is_source(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    !matches!(name, "target" | "node_modules" | "tests" | "templates") && (path.is_dir() || name.ends_with(".rs"))
}

impl Crate {
    /// Reads the files below a source folder.
    pub fn read(source: &Path) -> Result<Self> {
        let mut modules = BTreeMap::new();
        for file in workspace::files_where(source, is_source)? {
            let Some(path) = module_path(file.strip_prefix(source)?) else { continue };
            let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            // The compiler finds files that are no Rust.
            let Ok(parsed) = syn::parse_file(&text) else { continue };
            modules.insert(path, Module { file, names: Names::of(&parsed) });
        }
        Ok(Self { modules })
    }

    /// Returns the imports of each file.
    pub fn imports(&self) -> Imports {
        let mut imports: Imports = self.modules.values().map(|module| (module.file.clone(), BTreeMap::new())).collect();
        for (path, module) in &self.modules {
            for reference in &module.names.references {
                let Some((file, name)) = self.declaration(path, reference) else { continue };
                if file != module.file {
                    let names: &mut BTreeSet<String> =
                        imports.entry(module.file.clone()).or_default().entry(file).or_default();
                    names.insert(name);
                }
            }
        }
        imports
    }

    /// Returns the file that declares what `reference` names in the module `from`, with the declared name.
    fn declaration(&self, from: &ModulePath, reference: &Reference) -> Option<(PathBuf, String)> {
        let absolute = self.absolute(from, reference)?;
        self.declared(absolute, MAX_REEXPORTS)
    }

    /// Returns the path of a reference from the root of the crate, or `None` if it leads out of the crate.
    fn absolute(&self, from: &ModulePath, reference: &Reference) -> Option<Vec<String>> {
        let (first, rest) = reference.split_first()?;
        let mut base = from.clone();
        match first.as_str() {
            "crate" => base.clear(),
            "self" => {}
            "super" => _ = base.pop()?,
            name => {
                let module = self.modules.get(from)?;
                if let Some(imported) = module.names.imported.get(name).filter(|imported| *imported != reference) {
                    let mut path = self.absolute(from, imported)?;
                    path.extend_from_slice(rest);
                    return Some(path);
                }
                let child: ModulePath = from.iter().cloned().chain([name.to_owned()]).collect();
                if !self.modules.contains_key(&child) {
                    return None;
                }
                base = child;
            }
        }
        let mut rest = rest;
        while let [next, more @ ..] = rest {
            if next != "super" {
                break;
            }
            base.pop()?;
            rest = more;
        }
        base.extend_from_slice(rest);
        Some(base)
    }

    fn declared(&self, path: ModulePath, left: usize) -> Option<(PathBuf, String)> {
        let depth = (0..=path.len()).rev().find(|depth| self.modules.contains_key(&path[..*depth]))?;
        let module = &self.modules[&path[..depth]];
        // The name of a module alone is no use of what it declares.
        let name = path.get(depth)?;
        if !module.names.declared.contains(name)
            && let Some(imported) = module.names.imported.get(name).filter(|_| left > 0)
        {
            let from = path[..depth].to_vec();
            let mut next = self.absolute(&from, imported)?;
            next.extend_from_slice(&path[depth + 1..]);
            return self.declared(next, left - 1);
        }
        module.names.declared.contains(name).then(|| (module.file.clone(), name.clone()))
    }
}

/// Returns the path of the module in a file, or `None` for files of tests.
fn module_path(file: &Path) -> Option<ModulePath> {
    let mut path: ModulePath =
        file.with_extension("").components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    if matches!(path.last()?.as_str(), "mod" | "lib" | "main") {
        path.pop();
    }
    (!path.iter().any(|name| name == "tests")).then_some(path)
}
