//! Folder of a new project. It is filled completely or not at all.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crdgen_schema::Diagnostic;
use path_clean::PathClean;
use tempfile::TempDir;

use crate::cli::error::CliError;
use crate::output::site::shown;

/// Folder in which the project is to be.
pub(super) struct Place {
    /// The folder; absolute.
    pub(super) folder: PathBuf,
}

/// The whole project in a temporary folder beside its place, removed when dropped.
pub(super) struct Staged(TempDir);

impl Staged {
    pub(super) fn folder(&self) -> PathBuf {
        // The temporary folder itself can be read by its owner only.
        self.0.path().join("project")
    }
}

impl Place {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.clean() }
    }

    /// Returns the name of the folder.
    pub(super) fn name(&self) -> String {
        self.folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Writes files into a temporary folder.
    pub(super) fn stage(&self, files: &BTreeMap<String, String>) -> Result<Staged, CliError> {
        let beside = self.folder.parent().unwrap_or(&self.folder);
        let stage = || {
            fs::create_dir_all(beside)?;
            let staged = Staged(tempfile::Builder::new().prefix(".crdgen-new-").tempdir_in(beside)?);
            for (path, text) in files {
                let path = staged.folder().join(path);
                fs::create_dir_all(path.parent().unwrap_or(beside))?;
                fs::write(path, text)?;
            }
            Ok(staged)
        };
        stage().map_err(|error: io::Error| unwritable(beside, &error))
    }

    /// Moves the staged project to its place, and returns the number of files.
    ///
    /// # Errors
    ///
    /// Fails if a file is there already, or if one cannot be moved. Then nothing is left behind.
    pub(super) fn fill(&self, staged: Staged, here: &Path) -> Result<usize, CliError> {
        let from = staged.folder();
        let files = files_below(&from).map_err(|error| unwritable(&from, &error))?;
        let present: Vec<_> =
            files.iter().filter(|file| fs::symlink_metadata(self.folder.join(file)).is_ok()).collect();
        if let Some(first) = present.first() {
            return Err(in_the_way(&shown(&self.folder, here), first, present.len()));
        }
        let moved = match fs::symlink_metadata(&self.folder) {
            Err(_) => fs::rename(&from, &self.folder),
            // A folder that exists stays the same one: a shell may be in it.
            Ok(_) => self.take(&from, &files),
        };
        moved.map_err(|error| unwritable(&self.folder, &error))?;
        Ok(files.len())
    }

    /// Moves each file. Takes back what was moved if one cannot be moved.
    fn take(&self, from: &Path, files: &[PathBuf]) -> io::Result<()> {
        let mut undo = Undo::default();
        for file in files {
            let to = self.folder.join(file);
            undo.make_folders(to.parent().unwrap_or(&self.folder))?;
            fs::rename(from.join(file), &to)?;
            undo.files.push(to);
        }
        undo.keep();
        Ok(())
    }
}

/// Files and folders that are removed again when dropped.
#[derive(Default)]
struct Undo {
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Undo {
    fn make_folders(&mut self, folder: &Path) -> io::Result<()> {
        let missing: Vec<_> = folder.ancestors().take_while(|folder| !folder.exists()).map(Path::to_owned).collect();
        for folder in missing.into_iter().rev() {
            fs::create_dir(&folder)?;
            self.folders.push(folder);
        }
        Ok(())
    }

    fn keep(mut self) {
        self.files.clear();
        self.folders.clear();
    }
}

impl Drop for Undo {
    fn drop(&mut self) {
        // Whatever cannot be removed is left: the error that led here is the one to report.
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Returns the files below a folder, relative to it, sorted.
fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        for entry in fs::read_dir(folder.join(&below))? {
            let entry = entry?;
            let path = below.join(entry.file_name());
            if entry.file_type()?.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}

fn in_the_way(folder: &str, first: &Path, number: usize) -> CliError {
    let first = first.display();
    let message = match number {
        1 => format!("{first} exists in {folder}"),
        _ => format!("{first} and {} more files of the project exist in {folder}", number - 1),
    };
    Diagnostic::error("new::exists", message)
        .help("name a new folder; for an existing project, use `crdgen init`")
        .into()
}

fn unwritable(folder: &Path, error: &io::Error) -> CliError {
    Diagnostic::error("new::unwritable", format!("cannot write {}: {error}", folder.display())).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> BTreeMap<String, String> {
        names.iter().map(|name| ((*name).to_owned(), (*name).to_owned())).collect()
    }

    fn left(folder: &Path) -> Vec<PathBuf> {
        files_below(folder).unwrap()
    }

    #[test]
    fn a_file_in_the_way_is_kept_and_nothing_is_written() {
        let parent = tempfile::tempdir().unwrap();
        let place = Place::new(&parent.path().join("shop"));
        fs::create_dir(&place.folder).unwrap();
        fs::write(place.folder.join("b"), "mine").unwrap();
        let staged = place.stage(&files(&["a", "b", "c/d"])).unwrap();
        assert!(place.fill(staged, parent.path()).is_err());
        assert_eq!(left(parent.path()), [PathBuf::from("shop/b")]);
        assert_eq!(fs::read_to_string(place.folder.join("b")).unwrap(), "mine");
    }

    #[test]
    fn files_that_are_not_in_the_way_stay() {
        let parent = tempfile::tempdir().unwrap();
        let place = Place::new(&parent.path().join("shop"));
        fs::create_dir(&place.folder).unwrap();
        fs::write(place.folder.join("z"), "mine").unwrap();
        let staged = place.stage(&files(&["a", "c/d"])).unwrap();
        assert_eq!(place.fill(staged, parent.path()).ok(), Some(2));
        assert_eq!(left(parent.path()), ["shop/a", "shop/c/d", "shop/z"].map(PathBuf::from));
    }

    #[test]
    fn a_move_that_fails_is_taken_back() {
        let parent = tempfile::tempdir().unwrap();
        let place = Place::new(&parent.path().join("shop"));
        fs::create_dir(&place.folder).unwrap();
        // A file where a folder is needed.
        fs::write(place.folder.join("c"), "mine").unwrap();
        let staged = place.stage(&files(&["a", "b/e", "c/d"])).unwrap();
        assert!(place.fill(staged, parent.path()).is_err());
        assert_eq!(left(parent.path()), [PathBuf::from("shop/c")]);
        assert!(!place.folder.join("b").exists());
    }
}
