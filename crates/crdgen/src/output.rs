//! The disk. All that is generated is complete in memory before this module looks at it:
//! [`Plan::new`] compares it with the lock and the disk, `check` shows the difference,
//! [`apply()`] makes it so.
//!
//! What it must never do: replace or remove a file that the lock does not know as ours, touch a file that is already
//! right, or leave half a file behind, whatever kills it.

pub mod apply;
#[cfg(feature = "cli")]
pub mod check;
pub mod conflict;
pub mod guard;
pub mod plan;
pub mod site;
pub mod wanted;

mod disk;
#[cfg(all(test, unix, feature = "cli"))]
mod tests;

pub use apply::apply;
pub use conflict::{Conflict, Reason};
pub use plan::{OnConflict, Plan, Reach, Step};
pub use site::Site;
pub use wanted::Wanted;

use crate::lock::Target;

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// What it belongs to.
    pub target: Target,
    /// Its whole content.
    pub text: String,
}
