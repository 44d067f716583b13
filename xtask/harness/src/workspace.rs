//! Paths and files of the workspace.

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Returns the root folder of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("xtask/harness lies in the workspace")
}

/// Returns cargo's target folder.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// Returns a folder for the files of a task, below the target folder. It may contain files of an earlier run.
pub fn scratch(name: &str) -> PathBuf {
    target().join("xtask").join(name)
}

/// Locks the scratch folder of a task against other runs until the file is closed.
pub fn exclusive(name: &str) -> Result<File> {
    let path = scratch(&format!("{name}.lock"));
    write(&path, "")?;
    let file = File::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
    if file.try_lock().is_err() {
        eprintln!("waiting for another `cargo xtask` to leave {name}");
        file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    }
    Ok(file)
}

/// Environment variable with the folder of data that is too large for the repository.
pub const DATA: &str = "CRDGEN_CORPUS";

/// Returns the folder of data that is too large for the repository: collected CRDs in `corpus`, recorded verdicts of API
/// servers in `cases`. It is named by [`DATA`].
pub fn data() -> PathBuf {
    match env::var_os(DATA) {
        Some(folder) => PathBuf::from(folder),
        None => root().with_file_name("shared"),
    }
}

/// Returns the sentence that a file of [`data`] is missing.
pub fn no_data(path: &Path) -> String {
    format!("{DATA} names no folder that has {}", path.strip_prefix(data()).unwrap_or(path).display())
}

/// Empties a folder or creates it.
pub fn empty(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("cannot empty {}", folder.display()));
        }
        _ => {}
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))
}

/// Writes a file and creates the folders above it.
pub fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Makes a folder contain exactly these files. Other files and empty folders are removed. An unchanged file is not
/// written, so that compilers do not start over.
pub fn mirror(folder: &Path, files: &BTreeMap<String, String>) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for path in all_files(folder)? {
        let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
        if !files.contains_key(&name) {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
            for holder in path.ancestors().skip(1).take_while(|holder| *holder != folder) {
                // Folders that are not empty stay.
                if fs::remove_dir(holder).is_err() {
                    break;
                }
            }
        }
    }
    for (name, text) in files {
        let path = folder.join(name);
        if fs::read_to_string(&path).is_ok_and(|known| known == *text) {
            continue;
        }
        write(&path, text)?;
    }
    Ok(())
}

/// Returns this workspace's dependencies with absolute paths, for crates outside of the workspace.
pub fn dependencies() -> Result<toml::Table> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).context("Cargo.toml")?;
    let manifest: toml::Table = manifest.parse()?;
    let workspace = manifest.get("workspace").and_then(toml::Value::as_table).context("[workspace]")?;
    let dependencies = workspace.get("dependencies").and_then(toml::Value::as_table);
    let mut dependencies = dependencies.context("[workspace.dependencies]")?.clone();
    for dependency in dependencies.iter_mut().filter_map(|(_, value)| value.as_table_mut()) {
        if let Some(toml::Value::String(path)) = dependency.get_mut("path") {
            *path = root().join(&*path).to_string_lossy().into_owned();
        }
    }
    Ok(dependencies)
}

/// Returns every file with this extension below a folder, sorted.
pub fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut found = all_files(folder)?;
    found.retain(|path| path.extension().is_some_and(|found| found == extension));
    Ok(found)
}

/// Returns the number of files below a folder.
pub fn count(folder: &Path) -> Result<usize> {
    Ok(all_files(folder)?.len())
}

fn all_files(folder: &Path) -> Result<Vec<PathBuf>> {
    files_where(folder, |_| true)
}

/// Returns every file below a folder, sorted. Folders and files for which `is_wanted` is false are left out.
pub fn files_where(folder: &Path, is_wanted: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            match path.is_dir() {
                _ if !is_wanted(&path) => {}
                true => folders.push(path),
                false => found.push(path),
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirror_has_no_folder_without_files() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), String::new())).collect();
        mirror(folder.path(), &files(&["a/x", "a/b/y", "c/d/z"])).expect("it is written");
        mirror(folder.path(), &files(&["a/x"])).expect("it is written");
        let left = |path: &str| folder.path().join(path).exists();
        assert_eq!(["a/x", "a/b", "c"].map(left), [true, false, false]);
    }
}
