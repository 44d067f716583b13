//! Random JSON, written in several styles.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Generates any JSON value, with significant and other keys.
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

/// Generates an object with random metadata.
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

/// Generates text with many characters that look like the end of a string or like brackets.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-z\"\\\\{}\\[\\],: é\n]{0,12}", 1 => "[\"\\\\a]{60,70}"]
}

/// Style of writing JSON.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// White space between any two tokens.
    pub blank: &'static str,
    /// Whether letters of keys are written as escapes.
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
        // A key that already has escapes is kept: of `\n` only the letter would be escaped.
        if self.escapes_keys && !plain.contains('\\') { plain.chars().map(escape).collect() } else { plain }
    }
}
