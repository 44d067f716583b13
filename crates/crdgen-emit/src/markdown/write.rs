//! Writing of a tree as text.

use super::tree::{self, Block, Inline, List};
use super::{Dialect, escape, url};

/// Extent of escaping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// Escapes characters that nearly always have a meaning.
    Little,
    /// Escapes every character that may have a meaning.
    Much,
}

/// Writes the blocks as text.
pub fn write(blocks: &[Block], dialect: Dialect, care: Care) -> String {
    let brackets = dialect == Dialect::Rustdoc || blocks.iter().any(tree::has_link_marks);
    Writer { dialect, care, brackets }.blocks(blocks, "\n\n")
}

struct Writer {
    dialect: Dialect,
    care: Care,
    /// Whether brackets have a meaning. If nothing looks like the end of a link, there is no link, and `a[0]`
    /// stays readable.
    brackets: bool,
}

impl Writer {
    fn blocks(&self, blocks: &[Block], between: &str) -> String {
        blocks.iter().map(|block| self.block(block)).collect::<Vec<_>>().join(between)
    }

    fn block(&self, block: &Block) -> String {
        match block {
            Block::Paragraph(line) | Block::Line(line) => self.line(line, Place::Lines),
            Block::Heading(level, line) => format!("{} {}", "#".repeat(*level), self.line(line, Place::OneLine)),
            Block::Code(code) => {
                let fence = "`".repeat(escape::backticks(code).max(2) + 1);
                format!("{fence}text\n{code}\n{fence}")
            }
            Block::Quote(blocks) => prefixed(&self.blocks(blocks, "\n\n"), "> ", "> "),
            Block::List(list) => self.list(list),
            Block::Table(rows) => self.table(rows),
            Block::Rule => "***".to_owned(),
        }
    }

    fn list(&self, list: &List) -> String {
        let between = if list.is_tight() { "\n" } else { "\n\n" };
        let item = |(index, item): (usize, &Vec<Block>)| {
            let mark = match list.start {
                Some(start) => format!("{}{} ", start + index as u64, list.mark),
                None => format!("{} ", list.mark),
            };
            prefixed(&self.blocks(item, between), &mark, &" ".repeat(mark.len()))
        };
        list.items.iter().enumerate().map(item).collect::<Vec<_>>().join(between)
    }

    fn table(&self, rows: &[Vec<Vec<Inline>>]) -> String {
        let row = |cells: &Vec<Vec<Inline>>| {
            let cells: Vec<String> = cells.iter().map(|cell| self.line(cell, Place::Cell)).collect();
            format!("| {} |", cells.join(" | "))
        };
        let mut lines: Vec<String> = rows.iter().map(row).collect();
        lines.insert(1, format!("|{}", " --- |".repeat(rows[0].len())));
        lines.join("\n")
    }

    fn line(&self, inlines: &[Inline], place: Place) -> String {
        let mut line = LineWriter { writer: self, place, in_link: false, out: String::new() };
        line.inlines(inlines);
        line.out
    }
}

/// Position of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Lines,
    OneLine,
    Cell,
}

struct LineWriter<'a> {
    writer: &'a Writer,
    place: Place,
    in_link: bool,
    out: String,
}

impl LineWriter<'_> {
    fn inlines(&mut self, inlines: &[Inline]) {
        for (index, inline) in inlines.iter().enumerate() {
            match inline {
                Inline::Text(text) => self.text(text, first(inlines.get(index + 1))),
                Inline::Code(code) => self.code(code),
                Inline::Url(url) => self.url(url),
                Inline::Break { hard } => self.out.push_str(if *hard { "\\\n" } else { "\n" }),
                Inline::Span(mark, inner) => {
                    self.out.push_str(mark);
                    self.inlines(inner);
                    self.out.push_str(mark);
                }
                Inline::Link(target, inner) => {
                    self.out.push('[');
                    self.in_link = true;
                    self.inlines(inner);
                    self.in_link = false;
                    self.out.push_str(&format!("]({})", escape::references(target)));
                }
            }
        }
    }

    fn code(&mut self, code: &str) {
        let span = escape::code_span(code);
        self.out.push_str(&if self.place == Place::Cell { span.replace('|', "\\|") } else { span });
    }

    fn url(&mut self, url: &str) {
        let is_found = self.writer.care == Care::Little && url::bare(url) == url;
        match self.in_link || is_found && self.writer.dialect != Dialect::Rustdoc {
            true => self.text(url, ' '),
            false => self.out.push_str(&format!("<{url}>")),
        }
    }

    fn text(&mut self, text: &str, next: char) {
        // No letter, digit or space has a meaning.
        let is_inert = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b' ';
        let mut rest = text;
        loop {
            let inert = rest.bytes().take_while(|byte| is_inert(byte)).count();
            self.out.push_str(&rest[..inert]);
            rest = &rest[inert..];
            let Some(c) = rest.chars().next() else { return };
            let after = &rest[c.len_utf8()..];
            match c {
                // Some readers remove backslashes before brackets in the text of a link, and parse the text
                // once more.
                '[' | ']' if self.in_link => self.out.push_str(&format!("&#{};", u32::from(c))),
                _ if self.means_something(c, after.chars().next().unwrap_or(next), rest) => {
                    self.out.extend(['\\', c]);
                }
                _ => self.out.push(c),
            }
            rest = after;
        }
    }

    /// Returns whether a character followed by `after`, at the beginning of `text`, needs a backslash.
    fn means_something(&self, c: char, after: char, text: &str) -> bool {
        let Writer { dialect, care, .. } = *self.writer;
        let always = match c {
            '`' => true,
            '\\' => after == '\n' || after.is_ascii_punctuation(),
            '<' => after.is_ascii_alphabetic() || "/!?".contains(after),
            '[' | ']' => self.writer.brackets,
            '>' => self.line().is_empty(),
            '&' => escape::is_reference(text),
            '|' => self.place == Place::Cell,
            _ => escape::acts(c, self.out.chars().next_back(), dialect),
        };
        always || care == Care::Much && self.may_mean_something(c, after)
    }

    fn may_mean_something(&self, c: char, after: char) -> bool {
        match c {
            '*' | '_' | '~' | '|' | '[' | ']' | '<' | '&' | '!' | '#' | '$' | '^' | '{' | '}' | '\\' => true,
            ':' => after == '/' || self.line().is_empty(),
            '+' | '-' | '=' => self.line().is_empty(),
            '.' | ')' => c == '.' && self.is_behind_www() || after.is_whitespace() && self.is_behind_number(),
            _ => false,
        }
    }

    /// Returns whether web pages would take the word for an address.
    fn is_behind_www(&self) -> bool {
        let Some(at) = self.out.len().checked_sub(3) else { return false };
        self.out.get(at..).is_some_and(|word| word.eq_ignore_ascii_case("www"))
    }

    fn is_behind_number(&self) -> bool {
        self.line().chars().all(|c| c.is_ascii_digit())
    }

    /// Returns the current line so far.
    fn line(&self) -> &str {
        &self.out[self.out.rfind('\n').map_or(0, |at| at + 1)..]
    }
}

/// Returns the first character of a written inline.
fn first(inline: Option<&Inline>) -> char {
    match inline {
        Some(Inline::Text(text)) => text.chars().next().unwrap_or('\n'),
        Some(Inline::Code(_)) => '`',
        Some(Inline::Url(_)) => 'h',
        Some(Inline::Link(..)) => '[',
        Some(Inline::Span(mark, _)) => {
            if mark.starts_with('_') {
                '_'
            } else {
                '*'
            }
        }
        Some(Inline::Break { hard: true }) => '\\',
        Some(Inline::Break { hard: false }) | None => '\n',
    }
}

/// Puts `first` before the first line and `others` before the other lines.
fn prefixed(text: &str, first: &str, others: &str) -> String {
    let line = |(index, line): (usize, &str)| format!("{}{line}", if index == 0 { first } else { others });
    let lines: Vec<String> = text.split('\n').enumerate().map(line).map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n")
}
