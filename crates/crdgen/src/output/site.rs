//! The places of a run: the project, the base folder, the lock, and the folder of each target.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use path_clean::PathClean;

use crate::lock::Target;

/// The places of a run. Paths in the lock and in a [`Plan`](super::Plan) are relative to `base`, with `/`.
#[derive(Clone, Debug)]
pub struct Site {
    /// Folder of the config file, or the working directory if there is none; absolute. Symbolic links below
    /// it may not lead a run out of it.
    pub project: PathBuf,
    /// Base folder that recorded paths are relative to; absolute.
    pub base: PathBuf,
    /// Lock file; absolute.
    pub lock: PathBuf,
    /// Folder that each target owns, empty for the base folder; for a target that is one file, that file.
    pub roots: BTreeMap<Target, String>,
    /// Working directory, for messages; absolute.
    pub working_directory: PathBuf,
}

/// Location of a recorded path relative to the folders of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// The path is in the folder of the target, which is given.
    Own(&'a str),
    /// The path is elsewhere below the base folder: the target was moved or dropped, or the lock is forged.
    Elsewhere,
    /// The path is not below the base folder. No run of this project writes there.
    Outside,
}

impl Site {
    /// Returns the absolute path of a recorded path.
    pub fn locate(&self, path: &str) -> PathBuf {
        self.base.join(path).clean()
    }

    /// Returns the name of a file in messages, relative to the working directory.
    pub fn show(&self, path: &str) -> String {
        shown(&self.locate(path), &self.working_directory)
    }

    /// Returns the name of the lock in messages.
    pub fn show_lock(&self) -> String {
        shown(&self.lock, &self.working_directory)
    }

    /// Returns the location of a recorded `path` relative to the folder of `target`.
    pub fn standing(&self, path: &str, target: Target) -> Standing<'_> {
        match self.roots.get(&target) {
            Some(root) if is_below(path, root) || (root == path && !root.is_empty()) => Standing::Own(root),
            _ if is_below(path, "") => Standing::Elsewhere,
            _ => Standing::Outside,
        }
    }

    /// Returns whether no symbolic link on the way to `root`, or at `root`, leads out of the project. A
    /// `root` whose text is outside the project was named on the command line, so its links are the user's
    /// choice and the result is true.
    pub fn stays_inside(&self, root: &str, target: Option<Target>) -> bool {
        let place = self.locate(root);
        // A link at the place of a single file is replaced, never followed.
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

/// Resolves the symbolic links of the part of a path that exists. Returns `None` for a link that leads
/// nowhere.
fn resolved(path: &Path) -> Option<PathBuf> {
    let there = path.ancestors().find(|ancestor| fs::symlink_metadata(ancestor).is_ok())?;
    let rest = path.strip_prefix(there).ok()?;
    Some(fs::canonicalize(there).ok()?.join(rest))
}

/// Returns whether a file is below a folder, both relative to one base, by a path that crdgen could have
/// recorded.
///
/// A lock is read on every system, so a part that contains a separator or a drive letter of Windows is
/// refused everywhere.
pub fn is_below(path: &str, folder: &str) -> bool {
    let inside = match folder {
        "" => Some(path),
        _ => path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')),
    };
    let is_plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
    inside.is_some_and(|rest| rest.split('/').all(is_plain))
}

/// Returns `path` relative to `folder`, with `/`; empty for the folder itself. Both are absolute.
pub fn relative(path: &Path, folder: &Path) -> String {
    let relative = pathdiff::diff_paths(path.clean(), folder.clean()).unwrap_or_else(|| path.clean());
    match std::path::MAIN_SEPARATOR {
        '/' => relative.to_string_lossy().into_owned(),
        separator => relative.to_string_lossy().replace(separator, "/"),
    }
}

/// Returns a path for messages: relative to the working directory, or absolute if that is shorter.
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
