//! Keys of JSON objects that serde_json takes for something of its own.

/// What these keys begin with.
const PREFIX: &str = "$serde_json::private::";

/// Whether serde_json takes an object that begins with this key for something else.
///
/// With its feature `raw_value` or `arbitrary_precision`, which any crate in a program can switch on, the value beside
/// `$serde_json::private::RawValue` is text that is parsed afresh whenever an object is deserialised into
/// [`serde_json::Value`]. What was checked before is not what is there after. No API means such a key, so that text with one
/// is refused where it is read.
pub fn is_private_key(key: &str) -> bool {
    key.starts_with(PREFIX)
}
