//! Exact comparison of two JSON values. `1` and `1.0` differ, null and absent differ, and the order of keys does not
//! count.

use std::fmt;

use crdgen_schema::{Node, Source, source};
use serde_json::Value;

/// A position at which an object changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Path, for example `spec.tasks[0]["a.b"]`; empty for the whole object.
    pub path: String,
    /// Kind of the difference.
    what: What,
}

#[derive(Clone, Debug, PartialEq)]
enum What {
    /// The object was not read, with the reason.
    Refused(String),
    /// A value became another one; `None` for an absent value.
    Changed { from: Option<Value>, to: Option<Value> },
}

impl Difference {
    /// Returns the difference for an object that was not read.
    pub fn refusal(path: String, reason: String) -> Self {
        Self { path, what: What::Refused(reason) }
    }

    /// Returns the difference for an object that was not read, where `column` is the byte at which `serde_json`
    /// stopped. `json` must be one line.
    pub fn refusal_at(json: &str, column: usize, reason: String) -> Self {
        Self::refusal(path_at(json, column), reason)
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "(object)" } else { &self.path };
        match &self.what {
            What::Refused(reason) => write!(f, "{path}: refused: {reason}"),
            What::Changed { from, to } => write!(f, "{path}: expected {}, found {}", shown(from), shown(to)),
        }
    }
}

fn shown(value: &Option<Value>) -> String {
    const LENGTH: usize = 200;
    let Some(value) = value else { return "nothing".to_owned() };
    let text = value.to_string();
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Returns all differences. Differences inside a changed value are not listed.
pub fn between(expected: &Value, found: &Value) -> Vec<Difference> {
    let mut differences = Vec::new();
    compare(String::new(), expected, found, &mut differences);
    differences
}

fn compare(path: String, expected: &Value, found: &Value, differences: &mut Vec<Difference>) {
    let mut changed = |path: String, from: Option<&Value>, to: Option<&Value>| {
        differences.push(Difference { path, what: What::Changed { from: from.cloned(), to: to.cloned() } });
    };
    match (expected, found) {
        (Value::Object(these), Value::Object(those)) => {
            for (key, to) in those.iter().filter(|(key, _)| !these.contains_key(*key)) {
                changed(field(&path, key), None, Some(to));
            }
            for (key, from) in these {
                match those.get(key) {
                    None => differences.push(Difference {
                        path: field(&path, key),
                        what: What::Changed { from: Some(from.clone()), to: None },
                    }),
                    Some(to) => compare(field(&path, key), from, to, differences),
                }
            }
        }
        (Value::Array(these), Value::Array(those)) if these.len() == those.len() => {
            for (index, (this, that)) in these.iter().zip(those).enumerate() {
                compare(format!("{path}[{index}]"), this, that, differences);
            }
        }
        (this, that) if this == that => {}
        (this, that) => changed(path, Some(this), Some(that)),
    }
}

fn field(path: &str, key: &str) -> String {
    let plain = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '$'));
    match (plain, path.is_empty()) {
        (true, true) => key.to_owned(),
        (true, false) => format!("{path}.{key}"),
        (false, _) => format!("{path}[{key:?}]"),
    }
}

/// Returns the path of the last value that starts before a byte.
fn path_at(json: &str, column: usize) -> String {
    let source = Source { name: "object.json".to_owned(), text: json.to_owned() };
    let documents = source::documents(&source.into(), &mut Vec::new());
    let mut path = String::new();
    let Some(mut node) = documents.first().map(|document| &document.root) else { return path };
    while let Some((below, child)) = last_before(node, &path, column) {
        (path, node) = (below, child);
    }
    path
}

fn last_before<'a>(node: &'a Node, path: &str, column: usize) -> Option<(String, &'a Node)> {
    let before = |node: &&'a Node| node.span.offset < column;
    let entry = node.entries().iter().rev().find(|entry| before(&&entry.value));
    if let Some(entry) = entry {
        return Some((field(path, &entry.key), &entry.value));
    }
    let (index, item) = node.items().iter().enumerate().rev().find(|(_, item)| before(item))?;
    Some((format!("{path}[{index}]"), item))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn texts(expected: Value, found: Value) -> Vec<String> {
        between(&expected, &found).iter().map(Difference::to_string).collect()
    }

    #[test]
    fn numbers_are_compared_as_written_and_null_is_not_absent() {
        assert_eq!(texts(json!({"a": 1}), json!({"a": 1.0})), ["a: expected 1, found 1.0"]);
        assert_eq!(texts(json!({"a": null}), json!({})), ["a: expected null, found nothing"]);
        assert_eq!(texts(json!({"a": {"b": 1, "c": [2]}}), json!({"a": {"c": [2], "b": 1}})), [""; 0]);
    }

    #[test]
    fn every_difference_has_its_path() {
        let expected = json!({"spec": {"a.b": [{"c": "d"}, 2]}, "list": [1]});
        let found = json!({"spec": {"a.b": [{"c": "e"}, 2], "new": {}}, "list": []});
        assert_eq!(
            texts(expected, found),
            [
                "spec.new: expected nothing, found {}",
                "spec[\"a.b\"][0].c: expected \"d\", found \"e\"",
                "list: expected [1], found []"
            ]
        );
    }

    #[test]
    fn a_refusal_is_placed_by_the_byte_where_reading_stopped() {
        let json = r#"{"spec":{"a":[1,{"b":"x"}],"c":2}}"#;
        let at = |found: &str| path_at(json, json.find(found).unwrap() + found.len());
        assert_eq!(at("\"x\""), "spec.a[1].b");
        assert_eq!(at("[1"), "spec.a[0]");
        assert_eq!(at("2"), "spec.c");
    }
}
