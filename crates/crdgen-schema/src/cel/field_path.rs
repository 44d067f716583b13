//! `fieldPath` of a rule in the form of a cause.

use std::fmt::Write;

use crate::schema::{Additional, Schema};

/// Converts `.spec['a.b']` to `spec.a.b`, and a key of a map to `[key]`. Returns `None` if the path does not lead to a
/// declared field.
pub(super) fn normalised(path: &str, schema: &Schema) -> Option<String> {
    let mut out = String::new();
    let mut schema = schema;
    let mut rest = path;
    while !rest.is_empty() {
        let name;
        (name, rest) = step(rest)?;
        if schema.properties.is_empty() {
            let Some(Additional::Schema(values)) = &schema.additional_properties else { return None };
            write!(out, "[{name}]").expect("a string takes everything");
            schema = values;
        } else {
            schema = schema.properties.get(&name)?;
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(&name);
        }
    }
    Some(out)
}

/// Returns the first step of a path, `.name` or `['name']`, and the rest.
fn step(path: &str) -> Option<(String, &str)> {
    if let Some(rest) = path.strip_prefix('.') {
        let end = rest.find(['.', '[', ']']).unwrap_or(rest.len());
        return Some((rest[..end].to_owned(), &rest[end..]));
    }
    let quoted = path.strip_prefix("['")?;
    let mut name = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => name.push(unescaped(letters.next()?.1)?),
            '\'' => return Some((name, quoted[at + 1..].strip_prefix(']')?)),
            _ => name.push(letter),
        }
    }
    None
}

fn unescaped(letter: char) -> Option<char> {
    Some(match letter {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        '\'' | '\\' => letter,
        _ => return None,
    })
}
