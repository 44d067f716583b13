//! Characters that mean something, as text.

use super::Dialect;

/// Code in which nothing means anything to the dialect, behind the character that it is written behind. Code has no
/// escapes: a backslash in it shows.
pub fn code(text: &str, mut before: Option<char>, dialect: Dialect) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if acts(c, before, dialect) {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
    out
}

/// Whether a character acts behind another, be it in code or not: it ends a comment, or begins a tag of JSDoc.
pub fn acts(c: char, before: Option<char>, dialect: Dialect) -> bool {
    match c {
        '/' => dialect.is_in_comment() && before == Some('*'),
        '@' => dialect == Dialect::JsDoc && !before.is_some_and(is_in_word),
        _ => false,
    }
}

/// Whether an `@` behind a character is no tag to TypeScript, to which spaces are more than those of Unicode.
fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() || c.is_ascii_punctuation() && c != '{'
}

/// Code between backticks.
pub fn code_span(code: &str) -> String {
    let fence = "`".repeat(backticks(code) + 1);
    let at_end = |c: char| code.starts_with(c) || code.ends_with(c);
    let loses_spaces = code.starts_with(' ') && code.ends_with(' ') && !code.trim_matches(' ').is_empty();
    let space = if at_end('`') || loses_spaces { " " } else { "" };
    format!("{fence}{space}{code}{space}{fence}")
}

/// The length of the longest row of backticks.
pub fn backticks(code: &str) -> usize {
    code.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

/// Whether text from here on is a character reference.
pub fn is_reference(text: &str) -> bool {
    let name = text.strip_prefix('&').unwrap_or_default();
    let rest = name.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '#');
    rest.len() < name.len() && rest.starts_with(';')
}

/// Text without character references.
pub fn references(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        out.push_str(if is_reference(&text[at..]) { "\\" } else { "" });
        out.push(c);
    }
    out
}

/// Clean text, line by line, in which no character means anything.
pub fn spelled_out(text: &str) -> String {
    let line = |line: &str| line.trim_start_matches(' ').chars().flat_map(spelled).collect();
    let lines: Vec<String> = text.lines().map(line).collect();
    lines.join("\n")
}

fn spelled(c: char) -> impl Iterator<Item = char> {
    c.is_ascii_punctuation().then_some('\\').into_iter().chain([c])
}
