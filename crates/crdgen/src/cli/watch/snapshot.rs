//! State of the watched files: their times and sizes.
//!
//! The files are looked at again and again. So changes are seen on every file system, also in containers and on
//! network drives, where the system does not report them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::output::site::shown;

/// Folders below an input that are not read.
const SKIPPED: [&str; 2] = ["node_modules", "target"];

/// Time of the last change, and size, of each file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Snapshot(BTreeMap<PathBuf, (Option<SystemTime>, u64)>);

impl Snapshot {
    /// Looks at the config file and at the files of all inputs.
    pub(super) fn new(config: Option<&Path>, inputs: &[String]) -> Self {
        let mut snapshot = Self::default();
        if let Some(config) = config {
            snapshot.add(config);
        }
        for input in inputs {
            let path = Path::new(input);
            match glob::glob(input) {
                Ok(paths) if !path.exists() => paths.filter_map(Result::ok).for_each(|path| snapshot.add(&path)),
                _ => snapshot.add(path),
            }
        }
        snapshot
    }

    /// Adds a file, or all files below a folder.
    fn add(&mut self, path: &Path) {
        let Ok(metadata) = fs::metadata(path) else { return };
        if metadata.is_dir() {
            let entries = fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
            entries.map(|entry| entry.path()).filter(|path| is_read(path)).for_each(|path| self.add(&path));
        } else {
            self.0.insert(path.to_owned(), (metadata.modified().ok(), metadata.len()));
        }
    }

    /// Returns a line for each file that is not as it was in `before`. Names are relative to `here`.
    pub(super) fn changes(&self, before: &Self, here: &Path) -> Vec<String> {
        let gone = before.0.keys().filter(|path| !self.0.contains_key(*path)).map(|path| (path, "was removed"));
        let there = self.0.iter().filter_map(|(path, state)| match before.0.get(path) {
            None => Some((path, "is new")),
            Some(old) if old != state => Some((path, "changed")),
            Some(_) => None,
        });
        gone.chain(there).map(|(path, what)| format!("{} {what}", shown(&here.join(path), here))).collect()
    }
}

/// Returns whether a folder's entry is an input. A link to a folder is none, because it could lead back.
fn is_read(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_skipped = name.starts_with('.') || SKIPPED.contains(&name.as_ref()) || path.is_symlink() && path.is_dir();
    !is_skipped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_changed_and_removed_files_are_seen() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        let look = || Snapshot::new(None, &[folder.path().to_string_lossy().into_owned()]);
        fs::write(file("a.yaml"), "a").unwrap();
        fs::write(file("b.yaml"), "b").unwrap();
        let before = look();
        assert!(look().changes(&before, folder.path()).is_empty());
        fs::write(file("a.yaml"), "longer").unwrap();
        fs::remove_file(file("b.yaml")).unwrap();
        fs::write(file("c.yaml"), "c").unwrap();
        fs::write(file(".hidden"), "").unwrap();
        assert_eq!(look().changes(&before, folder.path()), ["b.yaml was removed", "a.yaml changed", "c.yaml is new"]);
    }

    #[test]
    fn a_glob_finds_new_files() {
        let folder = tempfile::tempdir().unwrap();
        let pattern = folder.path().join("*.yaml").to_string_lossy().into_owned();
        let before = Snapshot::new(None, std::slice::from_ref(&pattern));
        fs::write(folder.path().join("a.yaml"), "a").unwrap();
        fs::write(folder.path().join("a.txt"), "a").unwrap();
        assert_eq!(Snapshot::new(None, &[pattern]).changes(&before, folder.path()), ["a.yaml is new"]);
    }
}
