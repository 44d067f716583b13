//! `Resource::SCHEMA`: the schema of a kind, in a file beside its types. The file of the types stays
//! readable.

use crdgen_model::{Schema, Written};

/// Returns the name of the schema file beside the file of a kind's types.
pub fn path(types: &str) -> String {
    format!("{}.schema.json", types.trim_end_matches(".rs"))
}

/// Maximum width of a value on one line.
const WIDTH: usize = 100;

/// Formats a schema for reading and for comparing by lines, in a compact form: a value that fits stays on one
/// line, and lines are indented by one space.
pub fn text(schema: &Schema) -> String {
    let mut out = String::new();
    print(Written::Schema(schema), 0, &mut out);
    out.push('\n');
    out
}

fn print(value: Written<'_>, depth: usize, out: &mut String) {
    let start = out.len();
    if scalar(value, out) {
        return;
    }
    if !on_one_line(value, start + WIDTH.saturating_sub(depth), out) {
        out.truncate(start);
        broken(value, depth, out);
    }
}

/// Adds a value that is no object and no list, and returns whether it is one.
fn scalar(value: Written<'_>, out: &mut String) -> bool {
    match value {
        Written::Text(text) => string(text, out),
        Written::Flag(true) => out.push_str("true"),
        value => match value.scalar() {
            Some(scalar) => match scalar.as_str() {
                Some(text) => string(text, out),
                None => out.push_str(&scalar.to_string()),
            },
            None => return false,
        },
    }
    true
}

/// Adds an object or a list without any whitespace. Returns false if the text would become longer than `end`; it then ends
/// anywhere.
fn on_one_line(value: Written<'_>, end: usize, out: &mut String) -> bool {
    let (open, close) = brackets(value);
    out.push(open);
    let mut is_first = true;
    let fits = value.parts(&mut |key, value| {
        if !std::mem::take(&mut is_first) {
            out.push(',');
        }
        if let Some(key) = key {
            string(key, out);
            out.push(':');
        }
        out.len() <= end && (scalar(value, out) || on_one_line(value, end, out))
    });
    out.push(close);
    fits && out.len() <= end
}

/// Adds an object or a list, with each part on a line of its own.
fn broken(value: Written<'_>, depth: usize, out: &mut String) {
    let (open, close) = brackets(value);
    out.push(open);
    let mut is_first = true;
    value.parts(&mut |key, value| {
        if !std::mem::take(&mut is_first) {
            out.push(',');
        }
        line(depth + 1, out);
        if let Some(key) = key {
            string(key, out);
            out.push_str(": ");
        }
        print(value, depth + 1, out);
        true
    });
    line(depth, out);
    out.push(close);
}

fn brackets(value: Written<'_>) -> (char, char) {
    if value.is_list() { ('[', ']') } else { ('{', '}') }
}

/// Adds a string in quotes.
fn string(text: &str, out: &mut String) {
    let is_verbatim = |byte| matches!(byte, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~' | 0x80..);
    // Without an early exit, the loop is vectorised.
    if !text.bytes().fold(true, |verbatim, byte| verbatim & is_verbatim(byte)) {
        return out.push_str(&serde_json::Value::from(text).to_string());
    }
    out.reserve(text.len() + 2);
    out.push('"');
    out.push_str(text);
    out.push('"');
}

fn line(depth: usize, out: &mut String) {
    const SPACES: &str = "                                                                ";
    out.push('\n');
    match SPACES.get(..depth) {
        Some(spaces) => out.push_str(spaces),
        None => out.extend(std::iter::repeat_n(' ', depth)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    #[test]
    fn it_is_the_same_json_in_lines_that_can_be_read() {
        let long = "x".repeat(90);
        let schema = json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"enum": [long, "\n"]}}});
        let text = text(&Schema::from_json(&schema).expect("a schema"));
        assert_eq!(serde_json::from_str::<Json>(&text).expect("JSON"), schema);
        assert!(text.contains("\n  \"a\": {\"type\":\"string\"},\n"), "{text}");
        assert!(text.ends_with("\n}\n"));
    }
}
