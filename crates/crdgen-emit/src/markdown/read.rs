//! Parsing of text as a tree.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::iter::Peekable;
use std::sync::Arc;

use pulldown_cmark::{Event, OffsetIter, Options, Parser, Tag};

use super::line::{self, Line};
use super::tree::{Block, Inline, List};
use crate::memo::{self, Shared};

/// CommonMark with tables.
const OPTIONS: Options = Options::ENABLE_TABLES;

/// Maximum depth of the tree. Every line is written with the marks of all levels, so deeper text would become
/// too long.
const DEEPEST: usize = 12;

/// Maximum number of passes that escape active text. Each pass may reveal more.
const ROUNDS: usize = 8;

static READ: Shared<String, Option<Arc<[Block]>>> = Shared::new(Default::default);

/// Parses the text. Returns `None` if the text is nested too deeply.
pub fn read(text: &str) -> Option<Arc<[Block]>> {
    memo::known_or(&READ, text.to_owned(), text.len(), |text| parse(text).map(Arc::from))
}

fn parse(text: &str) -> Option<Vec<Block>> {
    let text = defused(text)?;
    let events = Parser::new_ext(&text, OPTIONS).into_offset_iter().peekable();
    Reader { text: &text, events }.blocks(0)
}

/// Escapes the beginnings of HTML, of reference definitions, and of quotes that are comparisons (`>=`), so
/// that the parser takes them for text. Returns `None` if active text remains after the last pass.
fn defused(text: &str) -> Option<Cow<'_, str>> {
    let mut text = Cow::Borrowed(text);
    if !text.contains(['<', '>', '[']) {
        return Some(text);
    }
    for _ in 0..ROUNDS {
        let places = active(&text);
        if places.is_empty() {
            return Some(text);
        }
        text = Cow::Owned(with_backslashes(&text, &places));
    }
    None
}

/// Returns the offsets at which active text begins.
fn active(text: &str) -> BTreeSet<usize> {
    let parser = Parser::new_ext(text, OPTIONS);
    let mut places: BTreeSet<usize> =
        parser.reference_definitions().iter().map(|(_, found)| found.span.start).collect();
    for (event, range) in parser.into_offset_iter() {
        let source = &text[range.clone()];
        match event {
            Event::Html(_) | Event::InlineHtml(_) => {
                places.extend(source.match_indices('<').map(|(at, _)| range.start + at));
            }
            Event::Start(Tag::BlockQuote(_)) if source.starts_with(">=") => {
                places.insert(range.start);
            }
            _ => {}
        }
    }
    places
}

fn with_backslashes(text: &str, places: &BTreeSet<usize>) -> String {
    let mut out = String::with_capacity(text.len() + places.len());
    let mut from = 0;
    for at in places {
        out.push_str(&text[from..*at]);
        out.push('\\');
        from = *at;
    }
    out + &text[from..]
}

struct Reader<'a> {
    text: &'a str,
    events: Peekable<OffsetIter<'a>>,
}

impl<'a> Reader<'a> {
    /// Reads all blocks up to the end of the enclosing one.
    fn blocks(&mut self, depth: usize) -> Option<Vec<Block>> {
        let mut blocks = Vec::new();
        while let Some((event, _)) = self.events.peek() {
            match event {
                Event::End(_) => break,
                Event::Start(tag) if is_block(tag) => blocks.extend(self.block(depth + 1)?),
                Event::Rule => {
                    self.events.next();
                    blocks.push(Block::Rule);
                }
                _ => blocks.extend(unless_empty(self.line(depth)?, Block::Line)),
            }
        }
        Some(blocks)
    }

    /// Reads a block. Returns `Some(None)` for a block without visible content.
    fn block(&mut self, depth: usize) -> Option<Option<Block>> {
        let (event, range) = self.events.next().filter(|_| depth <= DEEPEST)?;
        let Event::Start(tag) = event else { return None };
        let block = match tag {
            Tag::Paragraph => unless_empty(self.line(depth)?, Block::Paragraph),
            Tag::Heading { level, .. } => {
                unless_empty(line::unbroken(self.line(depth)?), |line| Block::Heading(level as usize, line))
            }
            Tag::CodeBlock(_) => self.code(),
            Tag::BlockQuote(_) => Some(Block::Quote(self.blocks(depth)?)),
            Tag::List(start) => Some(Block::List(self.list(start, &self.text[range.start..], depth)?)),
            Tag::Table(_) => Some(Block::Table(self.rows(depth)?)),
            _ => return None,
        };
        self.events.next();
        Some(block)
    }

    fn code(&mut self) -> Option<Block> {
        let mut code = String::new();
        while let Some((Event::Text(text), _)) = self.events.next_if(|(event, _)| matches!(event, Event::Text(_))) {
            code.push_str(&text);
        }
        let lines: Vec<&str> = code.lines().map(str::trim_end).collect();
        unless_empty(lines.join("\n").trim_matches('\n').to_owned(), Block::Code)
    }

    fn list(&mut self, start: Option<u64>, text: &str, depth: usize) -> Option<List> {
        let mark = text.chars().find(|c| !c.is_ascii_digit() && *c != ' ')?;
        let mut items = Vec::new();
        while self.begins(|tag| matches!(tag, Tag::Item)) {
            items.push(self.blocks(depth)?);
            self.events.next();
        }
        Some(List { start, mark, items })
    }

    fn rows(&mut self, depth: usize) -> Option<Vec<Vec<Vec<Inline>>>> {
        let mut rows = Vec::new();
        while self.begins(|tag| matches!(tag, Tag::TableHead | Tag::TableRow)) {
            let mut cells = Vec::new();
            while self.begins(|tag| matches!(tag, Tag::TableCell)) {
                cells.push(self.line(depth)?);
                self.events.next();
            }
            self.events.next();
            rows.push(cells);
        }
        Some(rows)
    }

    /// Consumes the start of a tag for which `is_it` is true. Returns whether there was one.
    fn begins(&mut self, is_it: impl Fn(&Tag<'_>) -> bool) -> bool {
        self.events.next_if(|(event, _)| matches!(event, Event::Start(tag) if is_it(tag))).is_some()
    }

    /// Reads the text of a block that contains no other blocks.
    fn line(&mut self, depth: usize) -> Option<Vec<Inline>> {
        self.inlines(depth, false).map(line::trimmed)
    }

    /// Reads inlines up to the end of the enclosing element or the start of the next block.
    fn inlines(&mut self, depth: usize, in_link: bool) -> Option<Vec<Inline>> {
        let mut line = Line::default();
        while let Some((event, range)) = self.events.next_if(|(event, _)| is_inline(event)) {
            match event {
                Event::Text(text) => line.text(&text),
                Event::Code(text) => line.code(&text),
                Event::SoftBreak => line.break_off(false),
                Event::HardBreak => line.break_off(true),
                Event::Start(tag) if depth < DEEPEST => {
                    let is_link = !matches!(tag, Tag::Emphasis | Tag::Strong);
                    let inner = self.inlines(depth + 1, in_link || is_link)?;
                    self.events.next();
                    line.tag(tag, inner, in_link, &self.text[range]);
                }
                _ => return None,
            }
        }
        Some(line.end(in_link))
    }
}

fn unless_empty<T: Default + PartialEq>(content: T, block: impl Fn(T) -> Block) -> Option<Block> {
    (content != T::default()).then(|| block(content))
}

fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::End(_) | Event::Rule => false,
        Event::Start(tag) => !is_block(tag),
        _ => true,
    }
}

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. })
}
