//! Descriptions as Markdown in which nothing runs, loads or leads astray.
//!
//! A description is text of a stranger, and every target shows it as Markdown: rustdoc compiles its code blocks, pages of an
//! API's reference render its HTML, editors read tags in it. So it is parsed as CommonMark, by the parser that rustdoc uses,
//! and written anew from the tree: code blocks are fenced and marked `text`, HTML, images, reference definitions and links
//! to anything but web pages are text. Whatever is written is parsed once more, and used only if it says the same.

mod check;
mod clean;
mod escape;
mod line;
mod lists;
mod read;
mod tree;
mod url;
mod write;

pub use check::active;
pub use escape::code_span;

use clean::clean;
use read::read;
use tree::Block;
use write::{Care, write};

/// The reader of a description, by whose rules it has to be harmless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// rustdoc and clippy. Brackets are links there, and bare URLs are warned of.
    Rustdoc,
    /// Pages of an API's reference, and generators that write descriptions into comments.
    OpenApi,
    /// Comments in TypeScript, with tags.
    JsDoc,
}

impl Dialect {
    /// Whether text must not end a comment that begins with `/*`.
    fn is_in_comment(self) -> bool {
        self != Self::Rustdoc
    }
}

/// Returns text as a code span that it cannot leave.
pub fn code(text: &str, dialect: Dialect) -> String {
    let text = if text.is_empty() { "\"\"" } else { text };
    escape::code_span(&escape::code(&clean::visible(text), Some('`'), dialect))
}

/// Returns the description as harmless Markdown that renders as the description itself does.
pub fn safe(text: &str, dialect: Dialect) -> String {
    let text = clean(text);
    if clean::is_plain(&text) {
        return text;
    }
    let faithful = read(&lists::raised(&text)).and_then(|tree| faithful(tree::adapted(tree, dialect), dialect));
    faithful.unwrap_or_else(|| escape::spelled_out(&text))
}

/// Writes a tree with as few escapes as it takes to be read as the same tree. Where emphasis and
/// links cannot be written again, they are text.
fn faithful(tree: Vec<Block>, dialect: Dialect) -> Option<String> {
    let written = |tree: &Vec<Block>, care| {
        let written = write(tree, dialect, care);
        (active(&written, dialect).is_none() && read(&written).as_ref() == Some(tree)).then_some(written)
    };
    written(&tree, Care::Little)
        .or_else(|| written(&tree, Care::Much))
        .or_else(|| written(&tree::flat(tree), Care::Much))
}

#[cfg(test)]
mod tests;
