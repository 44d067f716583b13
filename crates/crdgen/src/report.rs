//! Findings of commands, their report formats, and the printer of everything that is said on standard error.
//!
//! A [`Finding`] is a diagnostic with a level, a subject and details. [`format`](mod@format) turns findings into JSON, SARIF,
//! annotations and other formats. [`Reporter`] is the only place that prints a diagnostic.

mod finding;
#[cfg(feature = "cli")]
pub mod format;
#[cfg(feature = "cli")]
mod progress;
#[cfg(feature = "cli")]
mod reporter;
#[cfg(feature = "cli")]
mod snippet;
#[cfg(feature = "cli")]
pub mod summary;

pub use finding::{Finding, Level, Note};
#[cfg(feature = "cli")]
pub use format::{Format, Report};
#[cfg(feature = "cli")]
pub use progress::Progress;
#[cfg(feature = "cli")]
pub use reporter::{Reporter, Verbosity};

/// Returns a number with its noun, such as "1 file" or "2 files".
pub fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}
