//! Generated file, with its content and its digest.

use super::Text;
use crate::digest::Digest;
use crate::lock::{Entry, Target};

/// A generated file.
#[derive(Clone, Debug)]
pub struct File {
    /// Target that the file belongs to.
    pub target: Target,
    /// Whole content of the file.
    pub text: Text,
    pub(super) digest: Digest,
}

impl PartialEq for File {
    fn eq(&self, other: &Self) -> bool {
        self.entry() == other.entry()
    }
}

impl Eq for File {}

impl File {
    /// Returns a file of `target` with this content.
    pub fn new(target: Target, text: String) -> Self {
        Self { target, digest: Digest::of_generated(&text), text: text.into() }
    }

    /// Returns the file's entry in the lock.
    pub fn entry(&self) -> Entry {
        Entry { target: self.target, digest: self.digest }
    }
}
