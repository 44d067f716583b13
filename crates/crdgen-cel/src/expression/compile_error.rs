//! Failures of compiling.

/// Reason why an expression cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// Only an API server can tell: the expression is nested too deeply for this crate, or makes a message of protobuf.
    #[error("{0}")]
    Unknown(String),
    /// An API server refuses the expression.
    #[error("{0}")]
    Refused(String),
}
