//! What an API server does with a custom resource's object on a write.

mod verdict;

pub use verdict::{Cause, CauseReason, NotEvaluated, Verdict};
