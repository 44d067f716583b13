//! Sources (named texts) and the documents in them.

use std::sync::Arc;

use crate::Node;

/// Input text with the name that messages use for it.
#[derive(Debug)]
pub struct Source {
    /// Path as the user gave it, or as found below a folder that the user gave; `<stdin>` for standard input.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// One YAML document or JSON value of a source.
#[derive(Clone, Debug)]
pub struct Document {
    /// Source that contains the document.
    pub source: Arc<Source>,
    /// Position among the documents of the source, from 0.
    pub index: usize,
    /// Value of the document.
    pub root: Node,
}
