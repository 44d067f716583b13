//! What is read: texts with their names, and the documents in them.

use std::sync::Arc;

use crate::Node;

/// One input text with the name that messages use for it.
#[derive(Debug)]
pub struct Source {
    /// Path as the user gave it (or found below a folder they gave), `<stdin>` for standard input.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// One YAML document or JSON value of a source.
#[derive(Clone, Debug)]
pub struct Document {
    /// Where it came from.
    pub source: Arc<Source>,
    /// Its position in the source, from 0.
    pub index: usize,
    /// Its content.
    pub root: Node,
}
