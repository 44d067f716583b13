//! Text before it is parsed: normalisation of lines and characters.

use std::borrow::Cow;

use crate::invisible::is_invisible;

/// Width of a tab stop in CommonMark, in columns.
const TAB: usize = 4;

/// Normalises text. Lines end with a line feed only, tabs become spaces, and invisible characters are
/// removed. Blank lines at both ends and the indentation that all lines share are removed too.
pub fn clean(text: &str) -> String {
    if text.bytes().all(|byte| byte == b'\n' || is_printable(byte)) {
        return dedented(text.lines().map(|line| Cow::Borrowed(line.trim_end_matches(' '))));
    }
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{85}', '\u{b}', '\u{c}'], "\n");
    dedented(text.lines().map(|text| Cow::Owned(line(text))))
}

/// Returns the lines without their shared indentation, and without blank lines at both ends.
fn dedented<'a>(lines: impl Iterator<Item = Cow<'a, str>>) -> String {
    let lines: Vec<Cow<'_, str>> = lines.collect();
    let written = || lines.iter().filter(|line| !line.is_empty());
    let shared = written().map(|line| indentation(line)).min().unwrap_or_default();
    let lines: Vec<&str> = lines.iter().map(|line| line.get(shared..).unwrap_or_default()).collect();
    lines.join("\n").trim_matches('\n').trim_start_matches(' ').to_owned()
}

/// Returns whether a byte is a visible character of ASCII or a space.
fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// Returns the text as one line without invisible characters.
pub fn visible(text: &str) -> String {
    if text.bytes().all(is_printable) {
        return text.to_owned();
    }
    text.chars().map(|c| if c == '\n' || c == '\t' { ' ' } else { c }).filter(|c| !is_invisible(*c)).collect()
}

fn line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut column = 0;
    for c in text.chars().filter(|c| !is_invisible(*c)) {
        let width = if c == '\t' { TAB - column % TAB } else { 1 };
        line.extend(std::iter::repeat_n(if c == '\t' { ' ' } else { c }, width));
        column += width;
    }
    line.truncate(line.trim_end_matches(' ').len());
    line
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Returns whether clean text has no character with a meaning in any Markdown dialect. Parsing would not
/// change such text. Most descriptions are plain.
pub fn is_plain(text: &str) -> bool {
    !text.contains("\n\n\n") && !text.contains("://") && text.lines().all(is_plain_line)
}

fn is_plain_line(line: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
    let is_mark = |byte: u8| matches!(byte, b' ' | b'"' | b'%' | b'\''..=b')' | b','..=b'/' | b':' | b';' | b'?');
    let begins = line.bytes().next().is_none_or(|byte| is_letter(byte) || matches!(byte, b'\'' | b'"' | b'('));
    begins && line.bytes().all(|byte| is_letter(byte) || byte.is_ascii_digit() || is_mark(byte))
}
