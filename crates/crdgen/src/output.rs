//! The disk. All that is generated is complete in memory before this module looks at it:
//! [`Plan::new`] compares it with the lock and the disk, `check` shows the difference,
//! [`apply()`] makes it so.
//!
//! It never replaces or removes a file that somebody else wrote, never touches a file that is already right, and never
//! leaves half a file behind, whatever kills it. A file is ours when the lock has its digest and the file itself has our
//! mark: a lock may be forged. No symbolic link leads a run out of the project.

pub mod apply;
#[cfg(feature = "cli")]
pub mod check;
pub mod conflict;
pub mod guard;
pub mod plan;
pub mod site;
pub mod wanted;

mod disk;
mod mark;
mod planner;
#[cfg(all(test, unix, feature = "cli"))]
mod tests;

pub use apply::apply;
pub use conflict::{Conflict, Reason};
pub use plan::{OnConflict, Plan, Reach, Step};
pub use site::Site;
pub use wanted::Wanted;

use crate::digest::Digest;
use crate::lock::{Entry, Target};

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Target that the file belongs to.
    pub target: Target,
    /// The whole content.
    pub text: String,
}

impl File {
    /// The file's entry in the lock.
    pub fn entry(&self) -> Entry {
        Entry { target: self.target, digest: Digest::of(&self.text) }
    }
}
