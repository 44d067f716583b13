//! What is wrong with a body, and where.

use std::fmt;

/// A body that cannot be split or an item that cannot be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// How many bytes were good: of the body, or of the item where only an item was at hand.
    pub offset: u64,
    /// What is wrong with the next one.
    pub flaw: Flaw,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It is not what the format has here; the text says what it would be.
    Expected(&'static str),
    /// It ends early.
    Truncated,
    /// More than so many bytes.
    TooLarge(usize),
    /// More than so many open brackets.
    TooDeep(u32),
}

impl Error {
    pub(super) fn new(offset: u64, flaw: Flaw) -> Self {
        Self { offset, flaw }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { offset, flaw } = self;
        match flaw {
            Flaw::Expected(what) => write!(f, "byte {offset}: expected {what}"),
            Flaw::Truncated => write!(f, "byte {offset}: the body ends early"),
            Flaw::TooLarge(limit) => write!(f, "byte {offset}: more than {limit} bytes"),
            Flaw::TooDeep(limit) => write!(f, "byte {offset}: nested deeper than {limit} levels"),
        }
    }
}

impl std::error::Error for Error {}
