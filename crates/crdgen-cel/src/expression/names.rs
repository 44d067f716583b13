//! Property names as CEL identifiers: `my-field` becomes `my__dash__field`, `namespace` becomes `__namespace__`.

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

/// Returns whether the name is a reserved word of CEL. After a dot such a name may also be written without escapes.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

/// Escapes: plain text and its escaped form.
const ESCAPES: [(&str, &str); 4] = [("__", "__underscores__"), (".", "__dot__"), ("-", "__dash__"), ("/", "__slash__")];

/// Returns the CEL identifier of a property, or `None` if expressions cannot refer to it.
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

/// Returns the property of an identifier, or `None` if it has an unknown escape.
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

/// Returns the first `__word__`: the text before it, the word, and the text after it.
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
