//! Text of a document that is written entry by entry, so that no more than one entry is in memory as a tree.

use std::io;

use serde::Serialize;
use serde_json::Value as Json;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use super::{Format, yaml};
use crate::invisible::escape_json;

/// An object of the document, whose entries are written one after the other.
pub struct Text {
    format: Format,
    out: String,
    /// For each object that is not closed, whether it has entries.
    open: Vec<bool>,
}

impl Text {
    /// Begins a document.
    pub fn new(format: Format) -> Self {
        let out = match format {
            Format::Json => "{".to_owned(),
            Format::Yaml => yaml::head(),
        };
        Self { format, out, open: vec![false] }
    }

    /// Writes an entry of the innermost object.
    pub fn entry(&mut self, key: &str, value: &Json) -> serde_json::Result<()> {
        match self.format {
            Format::Json => {
                self.json_key(key);
                let mut text = Vec::new();
                value.serialize(&mut Serializer::with_formatter(&mut text, indented(self.open.len())))?;
                let text = String::from_utf8(text).expect("JSON is UTF-8");
                self.out.push_str(&escape_json(text));
            }
            Format::Yaml => yaml::entry(key, value, self.open.len() - 1, &mut self.out),
        }
        Ok(())
    }

    /// Begins an object that is an entry of the innermost one. It must get an entry before it is closed.
    pub fn open(&mut self, key: &str) {
        match self.format {
            Format::Json => {
                self.json_key(key);
                self.out.push('{');
            }
            Format::Yaml => yaml::key_of_object(key, self.open.len() - 1, &mut self.out),
        }
        self.open.push(false);
    }

    /// Ends the innermost object.
    pub fn close(&mut self) {
        self.open.pop();
        if let Format::Json = self.format {
            self.json_line();
            self.out.push('}');
        }
    }

    /// Ends the document and returns its text.
    pub fn end(mut self) -> String {
        self.close();
        if let Format::Json = self.format {
            self.out.push('\n');
        }
        self.out
    }

    fn json_key(&mut self, key: &str) {
        if let Some(has_entries) = self.open.last_mut()
            && std::mem::replace(has_entries, true)
        {
            self.out.push(',');
        }
        self.json_line();
        self.out.push_str(&escape_json(Json::from(key).to_string()));
        self.out.push_str(": ");
    }

    fn json_line(&mut self) {
        self.out.push('\n');
        self.open.iter().for_each(|_| self.out.push_str("  "));
    }
}

/// Returns a formatter for a value inside this many objects.
fn indented(depth: usize) -> PrettyFormatter<'static> {
    let mut formatter = PrettyFormatter::new();
    for _ in 0..depth {
        formatter.begin_object(&mut io::sink()).expect("a sink takes everything");
    }
    formatter
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(format: Format) -> String {
        let mut text = Text::new(format);
        text.entry("a", &json!({ "b": [1, {}], "c\n": "\u{202e}" })).expect("JSON");
        text.open("d");
        text.open("e");
        text.entry("f", &json!({ "g": [{ "h": "" }] })).expect("JSON");
        text.entry("i", &json!({})).expect("JSON");
        text.close();
        text.close();
        text.entry("j", &json!(true)).expect("JSON");
        text.end()
    }

    #[test]
    fn entries_are_written_as_the_whole_document_would_be() {
        let whole = json!({
            "a": { "b": [1, {}], "c\n": "\u{202e}" },
            "d": { "e": { "f": { "g": [{ "h": "" }] }, "i": {} } },
            "j": true,
        });
        let json = serde_json::to_string_pretty(&whole).expect("JSON");
        assert_eq!(written(Format::Json), escape_json(json) + "\n");
        assert_eq!(written(Format::Yaml), yaml::write(&whole));
    }
}
