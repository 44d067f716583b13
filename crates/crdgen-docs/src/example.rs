//! Examples as YAML.

use std::fmt::Write;

use serde_json::Value as Json;

/// Scalars of YAML 1.1 that are no texts. Texts that equal one of them, in any case, are quoted.
const WORDS: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan"];

/// Returns JSON as YAML. Texts that a reader of YAML 1.1 or 1.2 could take for another value are written in double
/// quotes, with the escapes of JSON.
pub fn yaml(object: &Json) -> String {
    let mut out = String::new();
    Writer { out: &mut out }.value(object, 0);
    out.trim_start().to_owned() + "\n"
}

struct Writer<'o> {
    out: &'o mut String,
}

impl Writer<'_> {
    /// Writes a value behind `key:` or `-`.
    fn value(&mut self, value: &Json, depth: usize) {
        match value {
            Json::Object(fields) if !fields.is_empty() => self.fields(fields, depth, true),
            Json::Array(items) if !items.is_empty() => {
                for item in items {
                    self.line(depth);
                    self.out.push('-');
                    match item {
                        // The first field is in the line of the dash.
                        Json::Object(fields) if !fields.is_empty() => self.fields(fields, depth + 1, false),
                        _ => self.value(item, depth + 1),
                    }
                }
            }
            scalar => {
                self.out.push(' ');
                self.scalar(scalar);
            }
        }
    }

    fn fields(&mut self, fields: &serde_json::Map<String, Json>, depth: usize, has_own_line: bool) {
        for (index, (name, value)) in fields.iter().enumerate() {
            match index == 0 && !has_own_line {
                true => self.out.push(' '),
                false => self.line(depth),
            }
            self.text(name);
            self.out.push(':');
            // Items of a list are not indented below their field.
            let is_list = value.as_array().is_some_and(|items| !items.is_empty());
            self.value(value, if is_list { depth } else { depth + 1 });
        }
    }

    fn line(&mut self, depth: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n("  ", depth));
    }

    fn scalar(&mut self, value: &Json) {
        match value {
            Json::String(text) => self.text(text),
            other => self.out.push_str(&other.to_string()),
        }
    }

    fn text(&mut self, text: &str) {
        if is_plain(text) {
            return self.out.push_str(text);
        }
        for letter in Json::from(text).to_string().chars() {
            match letter {
                '\u{7f}'..='\u{9f}'
                | '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{206f}'
                | '\u{feff}' => {
                    write!(self.out, "\\u{:04x}", u32::from(letter)).expect("a string takes everything");
                }
                _ => self.out.push(letter),
            }
        }
    }
}

/// Returns whether a text needs no quotes: it begins with a letter or a slash, and no sign in it has a meaning.
fn is_plain(text: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "_-./@+%".contains(letter);
    let mut letters = text.chars().peekable();
    let begins = letters.peek().is_some_and(|first| first.is_ascii_alphabetic() || *first == '/');
    let mut is_inside = begins;
    while let Some(letter) = letters.next() {
        let next = letters.peek();
        is_inside &= match letter {
            ':' => next.is_some_and(|next| !next.is_whitespace()),
            ' ' => next.is_some_and(|next| is_letter(*next)),
            _ => is_letter(letter),
        };
    }
    is_inside && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crdgen_schema::{Source, documents};
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_and_objects_are_nested() {
        let object = json!({"a": {"b": [{"c": 1, "d": []}, ["x"], "y z"]}, "e": {}, "f": null});
        let wanted = "a:\n  b:\n  - c: 1\n    d: []\n  -\n    - x\n  - y z\ne: {}\nf: null\n";
        assert_eq!(yaml(&object), wanted);
    }

    #[test]
    fn an_address_needs_no_quotes() {
        assert_eq!(
            yaml(&json!({"a": "https://example.com/a:8080", "b": "a: b"})),
            "a: https://example.com/a:8080\nb: \"a: b\"\n"
        );
    }

    #[test]
    fn the_text_is_read_as_the_object_that_was_written() {
        let texts = [
            "yes",
            "No",
            "~",
            "1_000",
            "0x1",
            "1e3",
            "",
            " a",
            "a ",
            "a: b",
            "a #b",
            "- a",
            "a\nb",
            "\u{202e}",
            "'",
            "\"",
            "*",
            "&a",
            "!a",
            "2026-01-01",
            "https://example.com/a:8080",
            "a:",
            "null",
            "{}",
            "[",
            "%a",
            "@a",
            "é",
            "=",
        ];
        let values: serde_json::Map<String, Json> = texts.iter().map(|text| (text.to_string(), json!(text))).collect();
        let object = json!({"texts": values, "list": texts, "nested": [[{"a": [1, [2]]}]], "float": 0.5});
        let source = Arc::new(Source { name: "example".to_owned(), text: yaml(&object) });
        let documents = documents(&source, &mut Vec::new());
        assert_eq!(documents[0].root.to_json(), object, "{}", source.text);
    }
}
