//! Callers of the service, and the token file that makes them known to it.

/// Callers that the example's service knows, by their tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Hostile caller who may read.
    Viewer,
    /// Hostile caller who may change the objects of a namespace.
    Developer,
    /// Caller who prepares the objects that an attack needs.
    Operator,
    /// Caller who reads small objects while an attack runs.
    Neighbour,
    /// Caller whom the service does not know.
    Stranger,
}

impl Caller {
    /// Returns the caller's token. Tokens are no secret: the service listens on 127.0.0.1 only and ends with
    /// its attack.
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

/// Lines of the file for `--tokens`: token, name and role.
pub const TOKENS: &str = "\
viewer-token mallory-viewer viewer
developer-token mallory-developer developer
operator-token olivia operator
neighbour-token nathan viewer
";
