//! Comparison with the disk, and writing.
//!
//! All output is complete before this module changes a file. [`Plan::new`] compares the output with the lock and the disk, `check` prints the difference, and [`apply()`] writes it.
//!
//! A run never replaces or removes a file that somebody else wrote, never touches a file that is already
//! right, and never leaves half a file behind, even if it is killed. A file is crdgen's own only if the lock
//! has its digest and the file itself has the mark, because a lock may be forged. No symbolic link makes a
//! run write outside the project.

pub mod apply;
#[cfg(feature = "cli")]
pub mod check;
pub mod conflict;
pub mod guard;
pub mod plan;
pub mod site;
pub mod wanted;

pub(crate) mod disk;
mod file;
mod limits;
mod mark;
mod planner;
mod spool;
mod step;
#[cfg(all(test, unix, feature = "cli"))]
mod tests;

pub use apply::apply;
pub use conflict::{Conflict, Reason};
pub use file::File;
pub use limits::{OnConflict, Reach};
pub use plan::Plan;
pub use site::Site;
pub use spool::{Spool, Text};
pub use step::Step;
pub use wanted::{Collector, Wanted};

use crate::lock::{Entries, Record};
use planner::Planner;

/// Returns whether each file is on the disk with its recorded content, and no link or other obstacle is on the way to it.
pub fn are_unchanged(site: &Site, files: &Entries) -> bool {
    let record = Record::default();
    let mut planner = Planner::new(site, &record, Reach::Nothing, OnConflict::Stop);
    planner.roots();
    planner.conflicts.is_empty() && files.iter().all(|(path, entry)| planner.has(path, *entry))
}
