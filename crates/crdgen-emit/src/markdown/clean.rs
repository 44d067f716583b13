//! Text before it is parsed: normalisation of lines and characters.

use std::borrow::Cow;

use crate::invisible::is_invisible;

/// Width of a tab stop in CommonMark, in columns.
const TAB: usize = 4;

/// Normalises text. Lines end with a line feed only, tabs become spaces, and invisible characters are
/// removed. Blank lines at both ends and the indentation that all lines share are removed too.
pub fn clean(text: &str) -> Cow<'_, str> {
    // Without an early exit, the loop is vectorised.
    if text.bytes().fold(true, |printable, byte| printable & (byte == b'\n' || is_printable(byte))) {
        let is_clean = !text.starts_with([' ', '\n']) && !text.ends_with([' ', '\n']) && !text.contains(" \n");
        return match is_clean {
            true => Cow::Borrowed(text),
            false => dedented(text.lines().map(|line| Cow::Borrowed(line.trim_end_matches(' ')))).into(),
        };
    }
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{85}', '\u{b}', '\u{c}'], "\n");
    dedented(text.lines().map(|text| Cow::Owned(line(text)))).into()
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

/// Returns whether clean text has no character with a meaning in any Markdown dialect, except short code between single
/// backticks. Parsing would not change such text. Most descriptions are plain.
pub fn is_plain(text: &str) -> bool {
    !text.contains("\n\n\n") && !text.contains("://") && text.lines().all(is_plain_line)
}

/// Returns whether a line of clean text has no character with a meaning, except short code between single backticks.
pub fn is_plain_line(line: &str) -> bool {
    match line.contains('`') {
        false => begins_plain(line) && is_plain_text(line),
        // Readers take the code for a part of an address in front of it.
        true => !line.to_ascii_lowercase().contains("www.") && is_plain_around_code(line),
    }
}

/// Returns whether a line is plain text and code in turn.
fn is_plain_around_code(line: &str) -> bool {
    let is_code = |part: &str| !part.is_empty() && part.trim_matches(' ') == part && is_plain_text(part);
    let parts: Vec<&str> = line.split('`').collect();
    let is_closed = parts.len() % 2 == 1;
    let mut parts = parts.into_iter().enumerate();
    is_closed
        && parts.all(|(index, part)| match index {
            0 => part.is_empty() || begins_plain(part) && is_plain_text(part),
            index if index % 2 == 1 => is_code(part),
            // Two backticks in a row are another mark.
            _ => is_plain_text(part),
        })
        && !line.contains("``")
}

/// Returns whether the first character of a line has no meaning there.
pub fn begins_plain(line: &str) -> bool {
    line.bytes().next().is_none_or(|byte| is_letter(byte) || matches!(byte, b'\'' | b'"' | b'('))
}

/// Returns whether no character within a line has a meaning.
pub fn is_plain_text(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_in_word = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        b'_' => at > 0 && is_in_word(at - 1) && is_in_word(at + 1),
        byte => PLAIN[usize::from(*byte)],
    })
}

/// Whether each byte has no meaning within a line.
const PLAIN: [bool; 256] = {
    const MARKS: &[u8] = b" \"#%'(),-./:;=>?";
    let mut plain = [false; 256];
    let mut byte = 0;
    while byte < plain.len() {
        plain[byte] = is_letter(byte as u8) || (byte as u8).is_ascii_digit();
        byte += 1;
    }
    let mut mark = 0;
    while mark < MARKS.len() {
        plain[MARKS[mark] as usize] = true;
        mark += 1;
    }
    plain
};

const fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || !byte.is_ascii()
}
