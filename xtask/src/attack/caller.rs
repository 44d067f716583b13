//! Callers of the service, and the file that makes them known to it.

/// A caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Hostile, and may read.
    Viewer,
    /// Hostile, and may change what belongs to a namespace.
    Developer,
    /// Readies what an attack needs.
    Operator,
    /// Reads small objects while an attack runs.
    Neighbour,
    /// Unknown to the service.
    Stranger,
}

impl Caller {
    /// No secret: the service listens on 127.0.0.1 alone and ends with its attack.
    pub fn token(self) -> &'static str {
        match self {
            Self::Viewer => "viewer-token",
            Self::Developer => "developer-token",
            Self::Operator => "operator-token",
            Self::Neighbour => "neighbour-token",
            Self::Stranger => "stranger-token",
        }
    }
}

/// Lines of `--tokens`: token, name and role.
pub const TOKENS: &str = "\
viewer-token mallory-viewer viewer
developer-token mallory-developer developer
operator-token olivia operator
neighbour-token nathan viewer
";
