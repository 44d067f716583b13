//! File operations. Each leaves a file whole, with its old or its new content.
//!
//! A file is written beside its place under a fixed name and then renamed over the old file. So the file
//! stays whole if the process is killed at any moment. Loss of power is not covered: generated files can be
//! generated again. Only the lock, which keeps the names, is flushed to the device.

use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Failure that a write must survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// The process is killed.
    Process,
    /// The machine loses power, as far as the device honours a flush.
    Device,
}

/// Access to files. In tests it can fail after a given number of operations, as if the process were killed.
#[derive(Debug, Default)]
pub struct Disk {
    #[cfg(test)]
    pub(crate) dies_after: Option<std::cell::Cell<usize>>,
}

impl Disk {
    /// Creates a file or replaces the one at `path`. A symbolic link at `path` is replaced, not followed.
    pub fn replace(&self, path: &Path, content: &[u8], durability: Durability) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let temporary = temporary(path);
        remove_if_there(&temporary)?;
        self.touch()?;
        // `create_new` does not follow a link that someone creates in the meantime.
        let mut file = fs::File::create_new(&temporary)?;
        self.touch()?;
        file.write_all(content)?;
        if let Ok(old) = fs::symlink_metadata(path)
            && old.is_file()
        {
            file.set_permissions(old.permissions())?;
        }
        if durability == Durability::Device {
            file.sync_all()?;
        }
        drop(file);
        self.touch()?;
        fs::rename(&temporary, path)?;
        self.touch()
    }

    /// Removes a file. A missing file is not an error.
    pub fn remove(&self, path: &Path) -> io::Result<()> {
        remove_if_there(path)?;
        self.touch()
    }

    /// Removes the temporary file that a killed run left beside `path`.
    pub fn remove_temporary(&self, path: &Path) -> io::Result<()> {
        self.remove(&temporary(path))
    }

    /// Removes the empty folders between `path` and `root`, from the inside out. Stops at the first that is
    /// not empty.
    pub fn prune(&self, path: &Path, root: &Path) {
        let folders = path.ancestors().skip(1).take_while(|folder| folder.starts_with(root) && *folder != root);
        for folder in folders {
            if fs::remove_dir(folder).is_err() {
                return;
            }
        }
    }

    #[cfg(not(test))]
    fn touch(&self) -> io::Result<()> {
        Ok(())
    }

    #[cfg(test)]
    fn touch(&self) -> io::Result<()> {
        let Some(left) = &self.dies_after else { return Ok(()) };
        match left.get() {
            0 => Err(io::Error::other("killed")),
            some => {
                left.set(some - 1);
                Ok(())
            }
        }
    }
}

/// Returns the path where the next content of a file is written before the rename.
pub fn temporary(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".crdgen-new");
    path.with_file_name(name)
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Err(error),
        _ => Ok(()),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_replaced_and_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (theirs, link) = (folder.path().join("theirs"), folder.path().join("link"));
        fs::write(&theirs, "theirs").unwrap();
        std::os::unix::fs::symlink(&theirs, &link).unwrap();
        Disk::default().replace(&link, b"ours", Durability::Process).unwrap();
        assert_eq!(fs::read_to_string(&theirs).unwrap(), "theirs");
        assert_eq!(fs::read_to_string(&link).unwrap(), "ours");
    }

    #[test]
    fn a_planted_link_in_place_of_the_temporary_file_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (theirs, place) = (folder.path().join("theirs"), folder.path().join("a.rs"));
        fs::write(&theirs, "theirs").unwrap();
        std::os::unix::fs::symlink(&theirs, temporary(&place)).unwrap();
        Disk::default().replace(&place, b"ours", Durability::Process).unwrap();
        assert_eq!(fs::read_to_string(&theirs).unwrap(), "theirs");
    }

    #[test]
    fn pruning_stops_at_the_root_and_at_the_first_folder_in_use() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        fs::create_dir_all(root.join("used/empty/deep")).unwrap();
        fs::create_dir_all(root.join("free/deep")).unwrap();
        fs::write(root.join("used/theirs"), "").unwrap();
        Disk::default().prune(&root.join("used/empty/deep/a.rs"), &root);
        Disk::default().prune(&root.join("free/deep/a.rs"), &root);
        assert!(root.join("used").exists() && !root.join("used/empty").exists());
        assert!(root.exists() && !root.join("free").exists());
    }
}
