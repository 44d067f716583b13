//! Random JSON, and ways to write it.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Any JSON, of the keys that matter and others.
pub fn value() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from), map(inner).prop_map(Value::from),]
    })
    .boxed()
}

/// An object, with random metadata.
pub fn object() -> impl Strategy<Value = Value> {
    (map(value()), prop::option::of(metadata())).prop_map(|(mut fields, metadata)| {
        fields.extend(metadata.map(|metadata| ("metadata".to_owned(), metadata)));
        Value::Object(fields)
    })
}

fn metadata() -> impl Strategy<Value = Value> {
    let applied = "kubectl.kubernetes.io/last-applied-configuration";
    let annotations = (prop::option::of(text()), prop::option::of(text())).prop_map(move |(last, other)| {
        let mut annotations = Map::new();
        annotations.extend(last.map(|text| (applied.to_owned(), json!(text))));
        annotations.extend(other.map(|text| ("other".to_owned(), json!(text))));
        Value::Object(annotations)
    });
    let fields = (prop::option::of(annotations), prop::option::of(value()), map(value()), any::<bool>());
    fields.prop_map(|(annotations, managed, others, is_first)| {
        let mut metadata = if is_first { Map::new() } else { others.clone() };
        metadata.extend(annotations.map(|value| ("annotations".to_owned(), value)));
        metadata.extend(managed.map(|value| ("managedFields".to_owned(), value)));
        metadata.extend(others);
        Value::Object(metadata)
    })
}

fn map(values: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
    let key = prop_oneof![
        4 => "[a-c]{1,2}",
        1 => prop::sample::select(vec!["items", "metadata", "name", "managedFields", "spec", "é\"\\/"])
            .prop_map(str::to_owned),
        1 => text(),
    ];
    prop::collection::vec((key, values), 0..5).prop_map(|members| members.into_iter().collect())
}

/// Much of what could be taken for the end of a string or for a bracket.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-z\"\\\\{}\\[\\],: é\n]{0,12}", 1 => "[\"\\\\a]{60,70}"]
}

/// How JSON is written.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// White space between any two tokens.
    pub blank: &'static str,
    /// Letters of keys as escapes.
    pub escapes_keys: bool,
}

pub fn style() -> impl Strategy<Value = Style> {
    (prop::sample::select(vec!["", " ", "\n\t", "  \r\n "]), any::<bool>())
        .prop_map(|(blank, escapes_keys)| Style { blank, escapes_keys })
}

impl Style {
    pub fn write(self, value: &Value) -> String {
        let Self { blank, .. } = self;
        match value {
            Value::Array(values) => {
                let values: Vec<_> = values.iter().map(|value| self.write(value)).collect();
                format!("[{blank}{}{blank}]", values.join(&format!("{blank},{blank}")))
            }
            Value::Object(members) => {
                let write =
                    |(key, value): (&String, &Value)| format!("{}{blank}:{blank}{}", self.key(key), self.write(value));
                let members: Vec<_> = members.iter().map(write).collect();
                format!("{{{blank}{}{blank}}}", members.join(&format!("{blank},{blank}")))
            }
            scalar => scalar.to_string(),
        }
    }

    fn key(self, key: &str) -> String {
        let escape = |c: char| if c.is_ascii_alphabetic() { format!("\\u{:04x}", c as u32) } else { c.to_string() };
        let plain = json!(key).to_string();
        // What is escaped already stays: of `\n` only the letter would be taken.
        if self.escapes_keys && !plain.contains('\\') { plain.chars().map(escape).collect() } else { plain }
    }
}
