//! `Resource::SCHEMA`: the schema of a kind, in a file beside its types. The file of the types stays
//! readable.

use serde_json::Value as Json;

/// Returns the name of the schema file beside the file of a kind's types.
pub fn path(types: &str) -> String {
    format!("{}.schema.json", types.trim_end_matches(".rs"))
}

/// Maximum width of a value on one line.
const WIDTH: usize = 100;

/// Formats JSON for reading and for comparing by lines, in a compact form: a value that fits stays on one
/// line, and lines are indented by one space.
pub fn text(schema: &Json) -> String {
    let mut out = String::new();
    print(schema, 0, &mut out);
    out.push('\n');
    out
}

fn print(value: &Json, depth: usize, out: &mut String) {
    let start = out.len();
    if !value.is_object() && !value.is_array() {
        out.push_str(&value.to_string());
    } else if !on_one_line(value, start + WIDTH.saturating_sub(depth), out) {
        out.truncate(start);
        match value {
            Json::Object(map) => {
                let entries = map.iter().map(|(key, value)| (Some(key), value));
                broken(('{', '}'), entries, depth, out);
            }
            Json::Array(items) => broken(('[', ']'), items.iter().map(|value| (None, value)), depth, out),
            _ => {}
        }
    }
}

/// Adds a value without any whitespace. Returns false if the text would become longer than `end`; it then ends anywhere.
fn on_one_line(value: &Json, end: usize, out: &mut String) -> bool {
    match value {
        Json::Object(map) => {
            out.push('{');
            for (index, (key, value)) in map.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                string(key, out);
                out.push(':');
                if out.len() > end || !on_one_line(value, end, out) {
                    return false;
                }
            }
            out.push('}');
        }
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                if out.len() > end || !on_one_line(item, end, out) {
                    return false;
                }
            }
            out.push(']');
        }
        Json::String(text) => string(text, out),
        _ => out.push_str(&value.to_string()),
    }
    out.len() <= end
}

/// Adds a string in quotes.
fn string(text: &str, out: &mut String) {
    let is_verbatim = |byte| matches!(byte, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~' | 0x80..);
    match text.bytes().all(is_verbatim) {
        true => out.extend(["\"", text, "\""]),
        false => out.push_str(&Json::from(text).to_string()),
    }
}

/// Writes each entry on a line of its own.
fn broken<'a>(
    (open, close): (char, char),
    entries: impl ExactSizeIterator<Item = (Option<&'a String>, &'a Json)>,
    depth: usize,
    out: &mut String,
) {
    out.push(open);
    let last = entries.len().saturating_sub(1);
    for (index, (key, value)) in entries.enumerate() {
        line(depth + 1, out);
        if let Some(key) = key {
            string(key, out);
            out.push_str(": ");
        }
        print(value, depth + 1, out);
        if index < last {
            out.push(',');
        }
    }
    line(depth, out);
    out.push(close);
}

fn line(depth: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', depth));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn it_is_the_same_json_in_lines_that_can_be_read() {
        let long = "x".repeat(90);
        let schema = json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"enum": [long, "\n"]}}});
        let text = text(&schema);
        assert_eq!(serde_json::from_str::<Json>(&text).expect("JSON"), schema);
        assert!(text.contains("\n  \"a\": {\"type\":\"string\"},\n"), "{text}");
        assert!(text.ends_with("\n}\n"));
    }
}
