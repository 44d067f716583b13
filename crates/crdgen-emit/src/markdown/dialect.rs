//! Formats of generated text.

/// The format of the generated text, which decides what is harmful in a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// rustdoc and clippy. Brackets are intra-doc links there, and bare URLs cause warnings.
    Rustdoc,
    /// API reference pages, and generators that copy descriptions into comments.
    OpenApi,
    /// Comments in TypeScript, which may contain JSDoc tags.
    JsDoc,
}

impl Dialect {
    /// Returns whether the text may be in a `/*` comment, which it must not end.
    pub(super) fn is_in_comment(self) -> bool {
        self != Self::Rustdoc
    }
}
