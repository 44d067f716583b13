//! A description as a tree without active content.

use super::{Dialect, escape};

/// A block: a part of the text with lines of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Paragraph(Vec<Inline>),
    /// Text of an item in a list without blank lines.
    Line(Vec<Inline>),
    Heading(usize, Vec<Inline>),
    /// Lines that are shown unchanged.
    Code(String),
    Quote(Vec<Block>),
    List(List),
    /// Rows of cells. The first row is the header.
    Table(Vec<Vec<Vec<Inline>>>),
    Rule,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// First number of a numbered list; `None` for other lists.
    pub start: Option<u64>,
    /// Mark of an item, or the character after its number.
    pub mark: char,
    pub items: Vec<Vec<Block>>,
}

impl List {
    /// Returns whether the items have no blank lines between them.
    pub fn is_tight(&self) -> bool {
        !self.items.iter().flatten().any(|block| matches!(block, Block::Paragraph(_)))
    }
}

/// An inline: a part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    Text(String),
    Code(String),
    /// Address of a web page, shown as the address itself.
    Url(String),
    /// End of a line. A hard break is visible to readers.
    Break {
        hard: bool,
    },
    /// Emphasis, with the mark on both sides.
    Span(&'static str, Vec<Inline>),
    /// Link to a web page: its address and its text.
    Link(String, Vec<Inline>),
}

impl Block {
    /// Applies `code` to every code block and `line` to every line of inlines.
    pub fn leaves(&mut self, code: &impl Fn(&mut String), line: &impl Fn(&mut Vec<Inline>)) {
        match self {
            Self::Paragraph(inlines) | Self::Line(inlines) | Self::Heading(_, inlines) => line(inlines),
            Self::Code(text) => code(text),
            Self::Quote(blocks) => blocks.iter_mut().for_each(|block| block.leaves(code, line)),
            Self::List(list) => list.items.iter_mut().flatten().for_each(|block| block.leaves(code, line)),
            Self::Table(rows) => rows.iter_mut().flatten().for_each(line),
            Self::Rule => {}
        }
    }
}

/// Returns whether a block has links, or text that looks like the end of a link.
pub fn has_link_marks(block: &Block) -> bool {
    match block {
        Block::Paragraph(line) | Block::Line(line) | Block::Heading(_, line) => line_has_link_marks(line),
        Block::Code(_) | Block::Rule => false,
        Block::Quote(blocks) => blocks.iter().any(has_link_marks),
        Block::List(list) => list.items.iter().flatten().any(has_link_marks),
        Block::Table(rows) => rows.iter().flatten().any(|cell| line_has_link_marks(cell)),
    }
}

fn line_has_link_marks(line: &[Inline]) -> bool {
    let looks_so = |text: &str| ["](", "]:", "]["].iter().any(|mark| text.contains(mark));
    line.iter().any(|inline| match inline {
        Inline::Text(text) | Inline::Code(text) | Inline::Url(text) => looks_so(text),
        Inline::Span(_, inner) => line_has_link_marks(inner),
        Inline::Link(..) => true,
        Inline::Break { .. } => false,
    })
}

/// Escapes code so that no character in it has a meaning for the dialect.
pub fn adapted(mut blocks: Vec<Block>, dialect: Dialect) -> Vec<Block> {
    if dialect.is_in_comment() {
        let code = |text: &mut String| *text = escape::code(text, None, dialect);
        blocks.iter_mut().for_each(|block| block.leaves(&code, &|line| adapt(line, dialect)));
    }
    blocks
}

fn adapt(inlines: &mut [Inline], dialect: Dialect) {
    for inline in inlines {
        match inline {
            Inline::Code(text) => *text = escape::code(text, Some('`'), dialect),
            Inline::Url(url) => *url = url.replace("*/", "%2A/"),
            Inline::Span(_, inner) | Inline::Link(_, inner) => adapt(inner, dialect),
            Inline::Text(_) | Inline::Break { .. } => {}
        }
    }
}
