//! Keys of JSON objects that serde_json reserves for itself.

/// Prefix of the reserved keys.
const PREFIX: &str = "$serde_json::private::";

/// Returns whether serde_json treats an object whose first key is `key` as something else.
///
/// Any crate in a program can enable the features `raw_value` and `arbitrary_precision` of serde_json. With
/// `raw_value`, the value of `$serde_json::private::RawValue` is text, and that text is parsed whenever an object is
/// deserialised into [`serde_json::Value`]. A check of the object before deserialisation says nothing about the object
/// after it. No API uses such keys, so text that contains one is refused when it is read.
pub fn is_private_key(key: &str) -> bool {
    key.starts_with(PREFIX)
}
