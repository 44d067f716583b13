//! Limits of JSON from outside: depth, size, and the private keys of `serde_json`.
//!
//! Any crate of a program may turn on the features `raw_value` and `arbitrary_precision` of `serde_json`. Then
//! `serde_json` reads an object with a key `$serde_json::private::...` as another value, again on each reading. A check
//! of the text then proves nothing about the value, so objects with such keys are refused.

mod value;

use memchr::memmem;
use serde::de::{DeserializeOwned, Error as _};

pub use value::{Fault, MAX_BYTES, MAX_DEPTH, check, size, size_up_to};

/// Prefix of the private keys of `serde_json`.
const PRIVATE: &str = "$serde_json::private::";

/// Returns whether `key` is a private key of `serde_json`.
pub fn is_private(key: &str) -> bool {
    key.starts_with(PRIVATE)
}

/// Returns the message for JSON with a private key, to follow a subject such as "the body".
fn private_key() -> String {
    format!("has a key that begins with {PRIVATE:?}, which is not allowed")
}

/// Decodes JSON from outside.
///
/// # Errors
///
/// Returns an error if the text is not JSON, is not a `T`, is nested too deep, or has a private key of `serde_json`.
pub fn from_slice<T: DeserializeOwned>(json: &[u8]) -> serde_json::Result<T> {
    if has_private_key(json) {
        return Err(serde_json::Error::custom(format_args!("it {}", private_key())));
    }
    serde_json::from_slice(json)
}

/// Returns whether an object in `json` has a private key of `serde_json`.
///
/// Parses keys only if the text contains the prefix, or a character of it as a needless escape.
pub fn has_private_key(json: &[u8]) -> bool {
    let is_suspect = memmem::find(json, PRIVATE.as_bytes()).is_some() || has_needless_escape(json);
    is_suspect && keys(json).any(|key| serde_json::from_slice::<String>(key).is_ok_and(|key| is_private(&key)))
}

/// Returns whether a character of [`PRIVATE`] is written as `\u00..`.
fn has_needless_escape(json: &[u8]) -> bool {
    memmem::find_iter(json, br"\u00").any(|start| {
        let code = json.get(start + 4..start + 6).and_then(|digits| std::str::from_utf8(digits).ok());
        code.and_then(|digits| u8::from_str_radix(digits, 16).ok())
            .is_some_and(|code| PRIVATE.as_bytes().contains(&code))
    })
}

/// Returns the keys of all objects in `json`, with their quotes.
fn keys(json: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = json;
    let strings = std::iter::from_fn(move || {
        let start = memchr::memchr(b'"', rest)?;
        let end = start + string_length(&rest[start..])?;
        let string = &rest[start..end];
        rest = &rest[end..];
        Some((string, rest))
    });
    strings.filter(|(_, behind)| behind.trim_ascii_start().first() == Some(&b':')).map(|(string, _)| string)
}

/// Returns the length of the string at the start of `json`, with its quotes.
fn string_length(json: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', json.get(at..)?)?;
        match json[at] {
            b'"' => return Some(at + 1),
            _ => at += 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    const RAW: &str = r#"{"a": [{"$serde_json::private::RawValue": "{\"b\": 1}"}]}"#;

    #[test]
    fn keys_that_serde_json_takes_for_its_own_are_found_however_they_are_written() {
        for json in [
            RAW,
            r#"{"$serde_json::private::Number" : "1"}"#,
            r#"{"\u0024serde_json::private::RawValue": "1"}"#,
            r#"[{"$serde_json\u003A:private::": 1}]"#,
            "{\"x\\\\\": 1, \"$serde_json::private::RawValue\"\n:1}",
        ] {
            assert!(has_private_key(json.as_bytes()), "{json}");
            assert!(from_slice::<Value>(json.as_bytes()).is_err(), "{json}");
        }
    }

    #[test]
    fn texts_that_only_look_like_such_keys_pass() {
        for json in [
            r#"{"a": "$serde_json::private::RawValue"}"#,
            r#"{"a": "\"$serde_json::private::RawValue\" :"}"#,
            r#"{"serde_json::private::RawValue": "\u0024", "x$serde_json::private::": 1}"#,
            r#"["$serde_json::private::RawValue", {"a\\": 1}]"#,
            r#""\u0024"#,
            r#""\u00"#,
        ] {
            assert!(!has_private_key(json.as_bytes()), "{json}");
        }
    }

    #[test]
    fn values_are_checked_as_texts_are() {
        assert_eq!(check(&json!({"a": [{"$serde_json::private::": 1}]}), 0), Err(Fault::Key));
        let nested = |depth: usize| (0..depth).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(check(&nested(MAX_DEPTH), 0), Ok(MAX_DEPTH + 1));
        assert_eq!(check(&nested(MAX_DEPTH), 1), Err(Fault::Depth));
        assert_eq!(check(&nested(MAX_DEPTH + 1), 0), Err(Fault::Depth));
        assert_eq!(size(&json!({"a": ["\u{1}", null]})), r#"{"a":["\u0001",null]}"#.len());
    }

    fn any_key() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-z]{0,3}",
            ".{0,4}",
            Just("$serde_json::private::RawValue".to_owned()),
            Just("$serde_json::private::Number".to_owned()),
        ]
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
            Just(json!("{\"a\": [1]}")),
        ];
        leaf.prop_recursive(5, 40, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((any_key(), inner), 0..4).prop_map(|fields| fields.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn accepted_json_stays_what_it_is_however_often_it_is_read(value in any_value()) {
            let text = value.to_string();
            prop_assert_eq!(check(&value, 0).is_err(), has_private_key(text.as_bytes()));
            if let Ok(first) = from_slice::<Value>(text.as_bytes()) {
                prop_assert_eq!(&first, &value);
                let again: Value = serde_json::from_value(first.clone()).unwrap();
                prop_assert_eq!(&again, &first);
                let written = again.to_string();
                prop_assert_eq!(&written, &text);
                prop_assert_eq!(from_slice::<Value>(written.as_bytes()).unwrap(), first);
            }
        }
    }
}
