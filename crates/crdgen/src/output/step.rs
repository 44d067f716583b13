//! Steps of a run.

use super::File;

/// The change of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The file is already right and stays untouched.
    Unchanged,
    /// The file is missing.
    Create(File),
    /// The file is crdgen's own and differs.
    Update {
        /// Present content.
        old: Vec<u8>,
        /// Wanted content.
        new: File,
    },
    /// The file is crdgen's own and not wanted any more.
    Remove,
    /// The file is not wanted any more, and is gone or not crdgen's own. Only its entry in the lock is
    /// removed.
    Forget,
    /// The file is recorded but outside the [`Reach`](super::Reach) of this run.
    Keep,
}
