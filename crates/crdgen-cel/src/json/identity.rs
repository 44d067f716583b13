//! Hash keys of JSON values, for finding equal values without comparing every pair.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::number::{Number, truncated};

/// Hash key of a JSON value. Equal values have equal keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Identity<'v> {
    /// The value `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Integer within the range of int64, written without a fraction.
    Int(i64),
    /// Bits of a float64. Negative zero becomes positive zero.
    Float(u64),
    /// A JSON string, without its quotes.
    Text(Cow<'v, str>),
    /// List or object, serialised with sorted keys.
    Compound(String),
}

/// Comparison of `1` and `1.0` within lists and objects. As top-level values they always differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// They differ, as int64 and float64 differ in Go.
    Typed,
    /// They are equal, since both are stored as `1`.
    Written,
}

impl<'v> Identity<'v> {
    /// Returns the key of a value.
    pub fn of(value: &'v Json, numbers: Numbers) -> Self {
        match value {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => match Number::of(number) {
                Number::Int(int) => Self::Int(int),
                Number::Float(float) => Self::float(float),
            },
            Json::String(text) => Self::Text(Cow::Borrowed(text)),
            Json::Array(_) | Json::Object(_) => {
                let mut out = String::new();
                write(value, numbers, &mut out);
                Self::Compound(out)
            }
        }
    }

    /// Returns the key of a float64.
    pub fn float(float: f64) -> Self {
        Self::Float((float + 0.0).to_bits())
    }
}

fn write(value: &Json, numbers: Numbers, out: &mut String) {
    match value {
        Json::Array(items) => {
            out.push('[');
            for item in items {
                write(item, numbers, out);
                out.push(',');
            }
            out.push(']');
        }
        Json::Object(fields) => {
            let mut fields: Vec<(&String, &Json)> = fields.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| *name);
            out.push('{');
            for (name, value) in fields {
                out.push_str(&format!("{name:?}:"));
                write(value, numbers, out);
                out.push(',');
            }
            out.push('}');
        }
        Json::Number(number) => match Number::of(number) {
            Number::Float(float) if numbers == Numbers::Written && float.fract() == 0.0 => {
                out.push_str(&whole(float));
            }
            Number::Float(float) => out.push_str(&format!("{:?}", float + 0.0)),
            Number::Int(int) => out.push_str(&int.to_string()),
        },
        Json::String(text) => out.push_str(&format!("{text:?}")),
        Json::Null | Json::Bool(_) => out.push_str(&value.to_string()),
    }
}

/// Formats a float without a fraction as the server stores it.
fn whole(float: f64) -> String {
    match truncated(float) {
        int if int as f64 == float => int.to_string(),
        _ => format!("{float:?}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn typed(value: &Json) -> Identity<'_> {
        Identity::of(value, Numbers::Typed)
    }

    #[test]
    fn equal_values_have_one_key() {
        let pairs = [
            (json!(0.0), json!(-0.0)),
            (json!({"a": 1, "b": [0.0]}), json!({"b": [-0.0], "a": 1})),
            (json!("a"), json!("a")),
        ];
        for (left, right) in &pairs {
            assert_eq!(typed(left), typed(right));
        }
    }

    #[test]
    fn different_values_have_different_keys() {
        let values = [
            json!(null),
            json!(false),
            json!(1),
            json!(1.0),
            json!("1"),
            json!([1]),
            json!([1.0]),
            json!(["1"]),
            json!([[1], []]),
            json!([[1, []]]),
            json!({}),
            json!([]),
            json!({"a": 1}),
            json!({"a": "1"}),
            json!({"a\":1,\"b": 1}),
            json!({"a": 1, "b": 1}),
        ];
        for (index, value) in values.iter().enumerate() {
            assert!(values[..index].iter().all(|other| typed(other) != typed(value)), "{value}");
        }
    }

    #[test]
    fn whole_floats_are_written_as_integers() {
        let written = |value: Json| match Identity::of(&value, Numbers::Written) {
            Identity::Compound(text) => text,
            other => panic!("{other:?}"),
        };
        assert_eq!(written(json!([1])), written(json!([1.0])));
        assert_ne!(written(json!([1])), written(json!([1.5])));
        assert_ne!(written(json!([1e300])), written(json!([1e301])));
    }
}
