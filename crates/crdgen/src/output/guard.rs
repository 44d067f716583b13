//! Mutual exclusion of runs in a base folder, by an advisory lock on the folder itself. No lock file is left
//! behind.
//!
//! The system releases the lock when the process ends, even if it is killed. Where folders cannot be locked
//! (systems other than Unix, some network file systems) runs continue without the lock.

use std::fs::{File, TryLockError};
use std::path::Path;

/// Kind of access that a run needs to the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Shared: other readers may hold the folder too.
    Read,
    /// Exclusive: no other run may hold the folder.
    Write,
}

/// A hold on the folder, released when dropped.
#[derive(Debug)]
pub struct Guard {
    _folder: Option<File>,
}

impl Guard {
    /// Waits until no other run is in the way. Calls `on_wait` before waiting.
    pub fn acquire(folder: &Path, access: Access, on_wait: impl FnOnce()) -> Self {
        Self { _folder: File::open(folder).ok().filter(|file| hold(file, access, on_wait)) }
    }
}

fn hold(folder: &File, access: Access, on_wait: impl FnOnce()) -> bool {
    let attempt = match access {
        Access::Read => folder.try_lock_shared(),
        Access::Write => folder.try_lock(),
    };
    match attempt {
        Ok(()) => true,
        Err(TryLockError::Error(_)) => false,
        Err(TryLockError::WouldBlock) => {
            on_wait();
            match access {
                Access::Read => folder.lock_shared().is_ok(),
                Access::Write => folder.lock().is_ok(),
            }
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    #[test]
    fn a_writer_waits_for_a_writer_and_readers_do_not_wait_for_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let reader = Guard::acquire(folder.path(), Access::Read, || panic!("nobody is there"));
        drop(Guard::acquire(folder.path(), Access::Read, || panic!("readers share")));
        drop(reader);

        let first = Guard::acquire(folder.path(), Access::Write, || panic!("nobody is there"));
        let (waits, waiting) = mpsc::channel();
        let path = folder.path().to_owned();
        let second = thread::spawn(move || {
            Guard::acquire(&path, Access::Write, || waits.send(()).unwrap());
        });
        waiting.recv().expect("the second writer says that it waits");
        assert!(!second.is_finished());
        drop(first);
        second.join().unwrap();
    }

    #[test]
    fn a_missing_folder_is_no_obstacle() {
        Guard::acquire(Path::new("/nowhere/at/all"), Access::Write, || panic!("nothing to wait for"));
    }
}
