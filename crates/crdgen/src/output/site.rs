//! Where a run writes: the base folder, the lock, and the folder of each target.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use path_clean::PathClean;

use crate::lock::Target;

/// The places of a run. Paths in the lock and in a [`Plan`](super::Plan) are relative to `base`, with `/`.
#[derive(Clone, Debug)]
pub struct Site {
    /// The folder that paths are relative to; absolute.
    pub base: PathBuf,
    /// The lock file; absolute.
    pub lock: PathBuf,
    /// The folder that each target owns, empty for the base itself; the file, for a target of one file.
    pub roots: BTreeMap<Target, String>,
    /// The working directory, for messages.
    pub working_directory: PathBuf,
}

impl Site {
    /// The file behind a path.
    pub fn locate(&self, path: &str) -> PathBuf {
        self.base.join(path).clean()
    }

    /// How messages call the file behind a path: as seen from the working directory.
    pub fn show(&self, path: &str) -> String {
        shown(&self.locate(path), &self.working_directory)
    }

    /// How messages call the lock.
    pub fn show_lock(&self) -> String {
        shown(&self.lock, &self.working_directory)
    }

    /// The folder within which `path` may be replaced or removed: that of a target of this run, or the base.
    /// `None` for a path outside of them all.
    pub fn root_of(&self, path: &str) -> Option<&str> {
        let owns = |root: &&String| *root == path || is_below(path, root);
        let of_target = self.roots.values().filter(owns).max_by_key(|root| root.len());
        of_target.map(String::as_str).or_else(|| is_below(path, "").then_some(""))
    }
}

/// Whether a file lies below a folder, both relative to the same base.
pub fn is_below(path: &str, folder: &str) -> bool {
    let inside = match folder {
        "" => Some(path),
        _ => path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')),
    };
    inside.is_some_and(|rest| !Path::new(rest).is_absolute() && !rest.split('/').any(|part| part == ".."))
}

/// A path relative to a folder, with `/`; empty for the folder itself. Both are absolute.
pub fn relative(path: &Path, folder: &Path) -> String {
    let relative = pathdiff::diff_paths(path.clean(), folder.clean()).unwrap_or_else(|| path.clean());
    match std::path::MAIN_SEPARATOR {
        '/' => relative.to_string_lossy().into_owned(),
        separator => relative.to_string_lossy().replace(separator, "/"),
    }
}

/// A path for the user's eyes: relative to where they are, unless that is the longer way.
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
        assert!(!is_below("src/gen/../../a.rs", "src/gen"));
        assert!(!is_below("../a.rs", ""));
        assert!(!is_below("/etc/passwd", ""));
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
