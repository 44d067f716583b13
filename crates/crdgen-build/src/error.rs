//! Why a build script failed, in the few words that are left when everything was said to cargo.

use std::fmt;

/// Nothing was generated. Every reason was printed as an error of cargo's before this value was made.
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    /// How many errors were printed; at least one.
    pub(crate) count: usize,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            1 => f.write_str("crdgen found an error in its input, which cargo shows"),
            count => write!(f, "crdgen found {count} errors in its input, which cargo shows"),
        }
    }
}

/// As [`Display`](fmt::Display): `main` prints the error that it returns in this form.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}
