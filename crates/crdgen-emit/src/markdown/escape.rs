//! Escaping of characters that have a meaning.

use super::Dialect;

/// Returns code in which no character has a meaning for the dialect. `before` is the character in front of
/// the code. Code has no escapes, so an added backslash is visible.
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

/// Returns whether a character acts after `before`, even in code: it ends a comment or begins a JSDoc tag.
pub fn acts(c: char, before: Option<char>, dialect: Dialect) -> bool {
    match c {
        '/' => dialect.is_in_comment() && before == Some('*'),
        '@' => dialect == Dialect::JsDoc && !before.is_some_and(is_in_word),
        _ => false,
    }
}

/// Returns whether TypeScript does not take an `@` after this character for a tag. TypeScript knows more
/// spaces than Unicode does.
fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() || c.is_ascii_punctuation() && c != '{'
}

/// Returns code between backticks.
pub fn code_span(code: &str) -> String {
    let fence = "`".repeat(backticks(code) + 1);
    let at_end = |c: char| code.starts_with(c) || code.ends_with(c);
    let loses_spaces = code.starts_with(' ') && code.ends_with(' ') && !code.trim_matches(' ').is_empty();
    let space = if at_end('`') || loses_spaces { " " } else { "" };
    format!("{fence}{space}{code}{space}{fence}")
}

/// Returns the length of the longest run of backticks.
pub fn backticks(code: &str) -> usize {
    code.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

/// Returns whether `text` begins with a character reference.
pub fn is_reference(text: &str) -> bool {
    let name = text.strip_prefix('&').unwrap_or_default();
    let rest = name.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '#');
    rest.len() < name.len() && rest.starts_with(';')
}

/// Escapes character references.
pub fn references(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        out.push_str(if is_reference(&text[at..]) { "\\" } else { "" });
        out.push(c);
    }
    out
}

/// Escapes clean text so that no character has a meaning.
pub fn spelled_out(text: &str) -> String {
    let line = |line: &str| line.trim_start_matches(' ').chars().flat_map(spelled).collect();
    let lines: Vec<String> = text.lines().map(line).collect();
    lines.join("\n")
}

fn spelled(c: char) -> impl Iterator<Item = char> {
    c.is_ascii_punctuation().then_some('\\').into_iter().chain([c])
}
