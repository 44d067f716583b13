//! Errors in a body, with their position.

use std::fmt;

/// Error in a body that cannot be split, or in an item that cannot be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// Number of bytes before the error, counted from the start of the body, or of the item when only an item is read.
    pub offset: u64,
    /// Kind of the error.
    pub kind: ErrorKind,
}

/// Kind of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The next byte is not valid here. The text names what is expected.
    Expected(&'static str),
    /// The input ends early.
    Truncated,
    /// More bytes than this limit.
    TooLarge(usize),
    /// More open brackets than this limit.
    TooDeep(u32),
}

impl Error {
    pub(super) fn new(offset: u64, kind: ErrorKind) -> Self {
        Self { offset, kind }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { offset, kind } = self;
        match kind {
            ErrorKind::Expected(what) => write!(f, "byte {offset}: expected {what}"),
            ErrorKind::Truncated => write!(f, "byte {offset}: the body ends early"),
            ErrorKind::TooLarge(limit) => write!(f, "byte {offset}: more than {limit} bytes"),
            ErrorKind::TooDeep(limit) => write!(f, "byte {offset}: nested deeper than {limit} levels"),
        }
    }
}

impl std::error::Error for Error {}
