//! Property names as CEL identifiers: `my-field` is `my__dash__field`, `namespace` is `__namespace__`.

use std::borrow::Cow;

const RESERVED: [&str; 21] = [
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// Whether the name is a word of CEL. Where it can be written after a dot, it need not be escaped.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

/// What an escape stands for.
const ESCAPES: [(&str, &str); 4] = [("__", "__underscores__"), (".", "__dot__"), ("-", "__dash__"), ("/", "__slash__")];

/// The identifier of a property; none if expressions cannot reach it.
pub(super) fn escape(name: &str) -> Option<Cow<'_, str>> {
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    if RESERVED.contains(&name) {
        return Some(format!("__{name}__").into());
    }
    if !name.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | '/')) {
        return None;
    }
    if !name.contains(['-', '.', '/']) && !name.contains("__") {
        return Some(name.into());
    }
    let mut out = String::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        match ESCAPES.iter().find(|(plain, _)| rest.starts_with(plain)) {
            Some((plain, escaped)) => {
                out.push_str(escaped);
                rest = &rest[plain.len()..];
            }
            None => {
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    Some(out.into())
}

/// The property of an identifier; none if it has an escape that there is not.
pub(super) fn unescape(name: &str) -> Option<Cow<'_, str>> {
    if !name.contains("__") {
        return Some(name.into());
    }
    let mut out = String::new();
    let mut rest = name;
    while let Some((before, escape, after)) = next_escape(rest) {
        out.push_str(before);
        match ESCAPES.iter().find(|(_, escaped)| escaped[2..escaped.len() - 2] == *escape) {
            Some((plain, _)) => out.push_str(plain),
            None if RESERVED.contains(&escape) && name.len() == escape.len() + 4 => out.push_str(escape),
            None => return None,
        }
        rest = after;
    }
    out.push_str(rest);
    Some(out.into())
}

/// The first `__word__`: what is before it, the word, and what is behind it.
fn next_escape(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let start = from + text[from..].find("__")?;
        let word = &text[start + 2..];
        let length = word.find('_').unwrap_or(word.len());
        if length > 0 && word[length..].starts_with("__") {
            return Some((&text[..start], &word[..length], &word[length + 2..]));
        }
        from = start + 1;
    }
}
