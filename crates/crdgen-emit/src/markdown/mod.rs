//! Descriptions as harmless Markdown: nothing in them runs, loads, or links to anything but web pages.
//!
//! A description is untrusted text, and every target shows it as Markdown: rustdoc compiles its code blocks,
//! reference pages render its HTML, editors read tags in it. So it is parsed as CommonMark, by the parser
//! that rustdoc uses, and written again from the tree. Code blocks are fenced and marked `text`. HTML,
//! images, reference definitions and links to anything but web pages become text. The written text is parsed
//! once more, and used only if it gives the same tree.

mod address;
mod check;
mod clean;
mod dialect;
mod escape;
mod flat;
mod line;
mod lists;
mod read;
mod tree;
mod url;
mod write;

pub use check::active;
pub use dialect::Dialect;
pub use escape::code_span;

use crate::memo::{self, Shared};
use clean::clean;
use flat::flat;
use read::read;
use tree::{Block, Inline};
use write::{Care, write};

/// Returns text as a code span that the text cannot end.
pub fn code(text: &str, dialect: Dialect) -> String {
    let text = if text.is_empty() { "\"\"" } else { text };
    escape::code_span(&escape::code(&clean::visible(text), Some('`'), dialect))
}

/// Returns the description as harmless Markdown that renders like the description.
pub fn safe(text: &str, dialect: Dialect) -> String {
    let text = clean(text);
    if clean::is_plain(&text) {
        return text.into_owned();
    }
    if let Some(plain) = address::plain(&text, dialect) {
        return plain;
    }
    let bytes = text.len();
    memo::known_or(&SAFE, (text.into_owned(), dialect), bytes, |(text, dialect)| parsed(text, *dialect))
}

/// Returns clean text as harmless Markdown.
fn parsed(text: &str, dialect: Dialect) -> String {
    let tree = read(&lists::raised(text));
    let faithful = tree.and_then(|tree| faithful(tree::adapted(tree.to_vec(), dialect), dialect));
    faithful.unwrap_or_else(|| escape::spelled_out(text))
}

static SAFE: Shared<(String, Dialect), String> = Shared::new(Default::default);

/// Returns a sentence of a label, a message in quotation marks, and code. Neither the message nor the code can end the line.
pub fn labelled(label: &str, message: Option<&str>, code: &str, dialect: Dialect) -> String {
    let Some(message) = message else { return format!("{label}: {}.", self::code(code, dialect)) };
    let quoted = format!("{label}: \"{}\"", clean::visible(message));
    let tree = read(&quoted).and_then(|tree| with_code(tree.to_vec(), &clean::visible(code)));
    tree.and_then(|tree| faithful(tree::adapted(tree, dialect), dialect)).unwrap_or_else(|| {
        let message = escape::spelled_out(&clean::visible(message));
        format!("{label}: \"{message}\" ({}).", self::code(code, dialect))
    })
}

/// Adds code in parentheses to a tree of one paragraph. Returns `None` for any other tree.
fn with_code(mut tree: Vec<Block>, code: &str) -> Option<Vec<Block>> {
    let [Block::Paragraph(inlines)] = &mut tree[..] else { return None };
    match inlines.last_mut() {
        Some(Inline::Text(text)) => text.push_str(" ("),
        _ => inlines.push(Inline::Text(" (".to_owned())),
    }
    inlines.extend([Inline::Code(code.to_owned()), Inline::Text(").".to_owned())]);
    Some(tree)
}

/// Writes a tree with as few escapes as possible, so that it is read as the same tree. Emphasis and links
/// become text if they cannot be written again.
fn faithful(tree: Vec<Block>, dialect: Dialect) -> Option<String> {
    let written = |tree: &Vec<Block>, care| {
        let written = write(tree, dialect, care);
        (active(&written, dialect).is_none() && read(&written).as_deref() == Some(tree.as_slice())).then_some(written)
    };
    written(&tree, Care::Little).or_else(|| written(&tree, Care::Much)).or_else(|| written(&flat(tree), Care::Much))
}

#[cfg(test)]
mod tests;
