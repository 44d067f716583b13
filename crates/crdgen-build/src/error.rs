//! Error of a build script. It is short, because cargo has already shown every reason.

use std::fmt;

/// Failure of a build script: no code was generated. Every reason has already been printed as an error of cargo.
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    /// Number of errors that were printed; at least one.
    pub(crate) count: usize,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            1 => f.write_str("crdgen found an error, which cargo prints separately"),
            count => write!(f, "crdgen found {count} errors, which cargo prints separately"),
        }
    }
}

/// Formats as [`Display`](fmt::Display), because `main` prints its error with `Debug`.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    /// `main` prints an error with `Debug`.
    #[test]
    fn an_error_of_main_reads_as_a_sentence() {
        assert_eq!(format!("{:?}", Error { count: 1 }), "crdgen found an error, which cargo prints separately");
        assert_eq!(format!("{:?}", Error { count: 2 }), "crdgen found 2 errors, which cargo prints separately");
    }
}
