//! Kubernetes' CEL: expressions, regular expressions and string formats with an API server's verdicts and costs.

mod effort;
#[cfg(feature = "expressions")]
mod expression;
pub mod format;
pub mod json;
pub mod name;
mod obstacle;
pub mod re2;

pub use effort::Effort;
#[cfg(feature = "expressions")]
pub use expression::{Bindings, Budget, CompileError, Environment, Failure, Output, Program, Type};
pub use obstacle::Obstacle;
