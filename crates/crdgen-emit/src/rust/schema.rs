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
    let mut compact = Compact::default();
    compact.add(None, Written::Schema(schema));
    let mut out = String::with_capacity(compact.text.len() * 2);
    compact.print(0, 0, &mut out);
    out.push('\n');
    out
}

/// A value without any whitespace, with its parts. Each value is visited once, however many lines it gets.
#[derive(Default)]
struct Compact {
    text: String,
    /// The value, followed by its parts, each followed by its own parts.
    parts: Vec<Part>,
}

/// A value in the compact text.
struct Part {
    /// Beginning of the key and its colon. They end where the value begins.
    key: usize,
    start: usize,
    end: usize,
    /// Number of parts at any depth.
    below: usize,
}

impl Compact {
    fn add(&mut self, key: Option<&str>, value: Written<'_>) {
        let (at, key_start) = (self.parts.len(), self.text.len());
        if let Some(key) = key {
            string(key, &mut self.text);
            self.text.push(':');
        }
        let start = self.text.len();
        self.parts.push(Part { key: key_start, start, end: start, below: 0 });
        if !scalar(value, &mut self.text) {
            let (open, close) = if value.is_list() { ('[', ']') } else { ('{', '}') };
            self.text.push(open);
            let mut is_first = true;
            value.parts(&mut |key, value| {
                if !std::mem::take(&mut is_first) {
                    self.text.push(',');
                }
                self.add(key, value);
                true
            });
            self.text.push(close);
        }
        let below = self.parts.len() - at - 1;
        let part = &mut self.parts[at];
        (part.end, part.below) = (self.text.len(), below);
    }

    /// Prints the part with this index on one line if it fits, and otherwise each of its parts on a line of its own. Returns
    /// the index of the part after it.
    fn print(&self, at: usize, depth: usize, out: &mut String) -> usize {
        let Part { start, end, below, .. } = self.parts[at];
        let next = at + 1 + below;
        let is_scalar = !self.text[start..end].starts_with(['{', '[']);
        if is_scalar || end - start <= WIDTH.saturating_sub(depth) {
            out.push_str(&self.text[start..end]);
            return next;
        }
        out.push_str(&self.text[start..=start]);
        let mut inner = at + 1;
        while inner < next {
            if inner > at + 1 {
                out.push(',');
            }
            line(depth + 1, out);
            let Part { key, start, .. } = self.parts[inner];
            if key < start {
                out.push_str(&self.text[key..start]);
                out.push(' ');
            }
            inner = self.print(inner, depth + 1, out);
        }
        line(depth, out);
        out.push_str(&self.text[end - 1..end]);
        next
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
