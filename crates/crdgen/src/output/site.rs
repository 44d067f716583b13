//! The places of a run: the project, the base folder, the lock, and the folder of each target.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use path_clean::PathClean;

use crate::lock::Target;

/// The places of a run. Paths in the lock and in a [`Plan`](super::Plan) are relative to `base`, with `/`.
#[derive(Clone, Debug)]
pub struct Site {
    /// The folder of the config file, or the working directory without one; absolute. A symbolic link in it leads a run
    /// nowhere else.
    pub project: PathBuf,
    /// The folder that paths are relative to; absolute.
    pub base: PathBuf,
    /// The lock file; absolute.
    pub lock: PathBuf,
    /// The folder that each target owns, empty for the base itself; the file, for a target of one file.
    pub roots: BTreeMap<Target, String>,
    /// The working directory, for messages.
    pub working_directory: PathBuf,
}

/// A recorded path, as seen from a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// In the folder of the target, which is given.
    Own(&'a str),
    /// Elsewhere below the base: the target was moved or dropped, or the lock is forged.
    Elsewhere,
    /// Nowhere that a run of this project writes.
    Outside,
}

impl Site {
    /// The file behind a path.
    pub fn locate(&self, path: &str) -> PathBuf {
        self.base.join(path).clean()
    }

    /// The name of the file behind a path in messages: as seen from the working directory.
    pub fn show(&self, path: &str) -> String {
        shown(&self.locate(path), &self.working_directory)
    }

    /// The name of the lock in messages.
    pub fn show_lock(&self) -> String {
        shown(&self.lock, &self.working_directory)
    }

    /// Where a recorded `path` lies for `target`.
    pub fn standing(&self, path: &str, target: Target) -> Standing<'_> {
        match self.roots.get(&target) {
            Some(root) if is_below(path, root) || (root == path && !root.is_empty()) => Standing::Own(root),
            _ if is_below(path, "") => Standing::Elsewhere,
            _ => Standing::Outside,
        }
    }

    /// Whether no symbolic link leads from the project to a place outside of it, on the way to `root` or there. A `root`
    /// whose text is outside was named so on the command line, and its links are the user's choice.
    pub fn stays_inside(&self, root: &str, target: Option<Target>) -> bool {
        let place = self.locate(root);
        // A link in the place of a single file is replaced, never followed.
        let folder = match target {
            Some(target) if target.is_file() => place.parent().unwrap_or(&place),
            _ => &place,
        };
        if !folder.starts_with(&self.project) {
            return true;
        }
        match (resolved(folder), resolved(&self.project)) {
            (Some(folder), Some(project)) => folder.starts_with(project),
            _ => false,
        }
    }
}

/// A path without symbolic links, as far as it exists; `None` for a link that leads nowhere.
fn resolved(path: &Path) -> Option<PathBuf> {
    let there = path.ancestors().find(|ancestor| fs::symlink_metadata(ancestor).is_ok())?;
    let rest = path.strip_prefix(there).ok()?;
    Some(fs::canonicalize(there).ok()?.join(rest))
}

/// Whether a file lies below a folder, both relative to the same base, by a path that crdgen could have recorded.
///
/// A lock is read on any system, so what only Windows takes for a separator or a drive is never part of such a path.
pub fn is_below(path: &str, folder: &str) -> bool {
    let inside = match folder {
        "" => Some(path),
        _ => path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')),
    };
    let is_plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
    inside.is_some_and(|rest| rest.split('/').all(is_plain))
}

/// A path relative to a folder, with `/`; empty for the folder itself. Both are absolute.
pub fn relative(path: &Path, folder: &Path) -> String {
    let relative = pathdiff::diff_paths(path.clean(), folder.clean()).unwrap_or_else(|| path.clean());
    match std::path::MAIN_SEPARATOR {
        '/' => relative.to_string_lossy().into_owned(),
        separator => relative.to_string_lossy().replace(separator, "/"),
    }
}

/// A path for messages: relative to the working directory, unless that is longer than the absolute path.
pub fn shown(path: &Path, working_directory: &Path) -> String {
    let relative = relative(path, working_directory);
    let absolute = path.to_string_lossy();
    match relative.as_str() {
        "" => ".".to_owned(),
        far if far.starts_with("../../..") && absolute.len() < far.len() => absolute.into_owned(),
        _ => relative,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_below_its_folder_only() {
        assert!(is_below("src/gen/a.rs", "src/gen"));
        assert!(is_below("src/gen/a.rs", ""));
        assert!(is_below("../web/a.ts", "../web"));
        assert!(!is_below("src/generated/a.rs", "src/gen"));
    }

    #[test]
    fn a_path_that_crdgen_never_records_is_below_nothing() {
        let hostile = ["", "/etc/passwd", "../a.rs", "gen/../../a.rs", "gen//a.rs", "./a.rs", "gen/", "a\0.rs"];
        let of_windows = ["C:/a.rs", "C:a.rs", "\\\\host\\share\\a.rs", "gen\\..\\..\\a.rs", "a.rs:stream"];
        for path in hostile.iter().chain(&of_windows) {
            assert!(!is_below(path, ""), "{path:?}");
            assert!(!is_below(&format!("gen/{path}"), "gen"), "{path:?}");
        }
    }

    #[test]
    fn paths_are_relative_with_slashes() {
        assert_eq!(relative(Path::new("/p/a/../b/c"), Path::new("/p")), "b/c");
        assert_eq!(relative(Path::new("/q/c"), Path::new("/p/x")), "../../q/c");
        assert_eq!(relative(Path::new("/p"), Path::new("/p")), "");
    }

    #[test]
    fn messages_name_files_from_where_the_user_is() {
        assert_eq!(shown(Path::new("/p/a"), Path::new("/p")), "a");
        assert_eq!(shown(Path::new("/p/a"), Path::new("/p/b")), "../a");
        assert_eq!(shown(Path::new("/p"), Path::new("/p")), ".");
        assert_eq!(shown(Path::new("/t/a"), Path::new("/a/very/deep/place")), "/t/a");
    }
}
