//! Tools for the tasks of this workspace, which are in `xtask` and `xtask/lab`: paths and files of the workspace, and the
//! programs that the tasks run.

pub mod check;
pub mod go;
pub mod oracle;
pub mod process;
pub mod program;
pub mod roots;
pub mod tools;
pub mod workspace;

/// Result of a task that could run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found.
    Good,
    /// Something was found. The exit code is 100, as in `crdgen`.
    Findings,
}
