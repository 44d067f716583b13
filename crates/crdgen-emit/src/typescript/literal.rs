//! Text as TypeScript literals.

use serde_json::Value as Json;

use crate::invisible::escape_json;

/// A string literal: every JSON string is one.
pub fn string(text: &str) -> String {
    escape_json(&Json::from(text).to_string())
}

/// A property name: as it is where that is an identifier, else as a string.
pub fn key(name: &str) -> String {
    let mut chars = name.chars();
    let begins = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '$';
    let is_identifier = chars.next().is_some_and(begins) && chars.all(|c| begins(c) || c.is_ascii_digit());
    if is_identifier { name.to_owned() } else { string(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_hold_any_text() {
        assert_eq!(string("a\"b\\c\r\n`${x}'"), r#""a\"b\\c\r\n`${x}'""#);
        assert_eq!(string("\u{2028}\u{202e}"), r#""\u2028\u202e""#);
    }

    #[test]
    fn names_that_are_no_identifiers_are_quoted() {
        assert_eq!([key("self"), key("$schema"), key("_a1")], ["self", "$schema", "_a1"]);
        assert_eq!([key("3scale"), key("a-b"), key(""), key("ä")], ["\"3scale\"", "\"a-b\"", "\"\"", "\"ä\""]);
    }
}
