//! A document as YAML that readers of 1.1 and of 1.2 take for the same.
//!
//! Whether a plain `no`, `1:30` or `2024-01-01` is text depends on the reader. So a string is plain only where none can take
//! it for anything else; all other strings are quoted as JSON quotes them, which is YAML too.

use serde_json::Value as Json;

use crate::HEADER;
use crate::invisible::{escape_json, is_invisible};

/// Returns the first line of a document.
pub fn head() -> String {
    format!("# {HEADER}\n")
}

/// Writes an entry of an object that is inside `depth` others.
pub fn entry(key: &str, value: &Json, depth: usize, text: &mut String) {
    write_key(key, depth, text);
    value_of_key(value, depth, text);
}

/// Writes the key of an object whose entries follow.
pub fn key_of_object(key: &str, depth: usize, text: &mut String) {
    write_key(key, depth, text);
    text.push('\n');
}

fn write_key(key: &str, depth: usize, text: &mut String) {
    indent(depth, text);
    text.push_str(&scalar(key));
    text.push(':');
}

/// Returns the text of a document.
#[cfg(test)]
pub fn write(document: &Json) -> String {
    let mut text = head();
    children(document, 0, &mut text);
    text
}

/// The entries of what has some, each on lines of its own.
fn children(node: &Json, depth: usize, text: &mut String) {
    match node {
        Json::Object(entries) => entries.iter().for_each(|(key, value)| entry(key, value, depth, text)),
        Json::Array(items) => items.iter().for_each(|item| {
            indent(depth, text);
            text.push('-');
            item_of_list(item, depth, text);
        }),
        _ => {}
    }
}

fn value_of_key(value: &Json, depth: usize, text: &mut String) {
    match value {
        Json::Array(items) if !items.is_empty() => {
            text.push('\n');
            // A list is not indented below its key.
            children(value, depth, text);
        }
        Json::Object(entries) if !entries.is_empty() => {
            text.push('\n');
            children(value, depth + 1, text);
        }
        _ => leaf(value, depth + 1, text),
    }
}

fn item_of_list(item: &Json, depth: usize, text: &mut String) {
    match item {
        Json::Object(entries) if !entries.is_empty() => {
            // The first entry stands beside the dash.
            let mut below = String::new();
            children(item, depth + 1, &mut below);
            text.push(' ');
            text.push_str(below.trim_start_matches(' '));
        }
        Json::Array(items) if !items.is_empty() => {
            text.push('\n');
            children(item, depth + 1, text);
        }
        _ => leaf(item, depth + 1, text),
    }
}

/// Writes a scalar after a key or a dash. Paragraphs are written as a block below it.
fn leaf(value: &Json, depth: usize, text: &mut String) {
    match value {
        Json::String(string) if is_paragraphs(string) => {
            text.push_str(" |-\n");
            for line in string.split('\n') {
                if !line.is_empty() {
                    indent(depth, text);
                    text.push_str(line);
                }
                text.push('\n');
            }
        }
        Json::String(string) => {
            text.push(' ');
            text.push_str(&scalar(string));
            text.push('\n');
        }
        other => {
            text.push(' ');
            text.push_str(&other.to_string());
            text.push('\n');
        }
    }
}

fn indent(depth: usize, text: &mut String) {
    (0..depth).for_each(|_| text.push_str("  "));
}

/// Several lines that a block keeps exactly: nothing invisible, and neither the first nor the last line leaves in doubt where
/// the block begins and ends.
fn is_paragraphs(text: &str) -> bool {
    let keeps = |line: &str| !line.chars().any(|c| c == '\t' || is_invisible(c)) && line.trim_end() == line;
    text.contains('\n') && text.split('\n').all(keeps) && !text.starts_with([' ', '\n']) && !text.ends_with('\n')
}

fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { escape_json(Json::from(text).to_string()) }
}

/// Words that begin with a letter, or a reference's `/`, and hold nothing that YAML gives a meaning to.
fn is_plain(text: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || " -_./$(){}+,;'`=".contains(c);
    let begins = |c: char| c.is_ascii_alphabetic() || c == '/';
    text.starts_with(begins)
        && !text.ends_with(' ')
        && text.chars().all(inside)
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Words that YAML 1.1 or 1.2 reads as null or a boolean.
const WORDS: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_that_could_be_something_else_is_quoted() {
        for text in
            ["", "no", "Off", "Y", "~", "1:30", "2024-01-01", "1_000", "0x1f", "=", "<<", "a: b", "a #b", "- a", "*"]
        {
            assert_eq!(scalar(text), format!("{text:?}"));
        }
        for text in ["openapi", "/apis/{name}", "Fails with 409 when the name is taken."] {
            assert_eq!(scalar(text), text);
        }
    }

    #[test]
    fn what_is_invisible_is_escaped() {
        assert_eq!(write(&json!({ "a": "b\u{202e}\nc" })).lines().last(), Some("a: \"b\\u202e\\nc\""));
    }

    #[test]
    fn it_reads_back() {
        let document = json!({
            "a": [1, 2.5, null, true, [], {}, ["b", ["c"]], { "d": [{ "e": "f" }], "g": { "h": "" } }],
            "one\ntwo": "first\n\n  indented: yes\n- no", "trailing": "a \nb", "end": "a\n", "begin": " a\nb", "tab": "a\n\tb",
            "no": { "200": "yes" }, "hash": "a\n# b", "quote": "it's \"so\"",
        });
        let back: Json = serde_yaml::from_str(&write(&document)).expect("is YAML");
        assert_eq!(back, document);
    }
}
