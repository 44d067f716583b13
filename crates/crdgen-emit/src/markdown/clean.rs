//! Text before it is parsed: normalisation of lines and characters.

use crate::invisible::is_invisible;

/// Width of a tab stop in CommonMark, in columns.
const TAB: usize = 4;

/// Normalises text. Lines end with a line feed only, tabs become spaces, and invisible characters are
/// removed. Blank lines at both ends and the indentation that all lines share are removed too.
pub fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{85}', '\u{b}', '\u{c}'], "\n");
    let lines: Vec<String> = text.lines().map(line).collect();
    let written = || lines.iter().filter(|line| !line.is_empty());
    let shared = written().map(|line| indentation(line)).min().unwrap_or_default();
    let lines: Vec<&str> = lines.iter().map(|line| line.get(shared..).unwrap_or_default()).collect();
    lines.join("\n").trim_matches('\n').trim_start_matches(' ').to_owned()
}

/// Returns the text as one line without invisible characters.
pub fn visible(text: &str) -> String {
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
    let is_letter = |c: char| c.is_ascii_alphabetic() || !c.is_ascii();
    let is_mark = |c: char| " ,.;:'\"()/?%-".contains(c);
    let begins = line.chars().next().is_none_or(|c| is_letter(c) || "'\"(".contains(c));
    begins && line.chars().all(|c| is_letter(c) || c.is_ascii_digit() || is_mark(c))
}
