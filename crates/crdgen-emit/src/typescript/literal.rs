//! JSON as TypeScript literals.

use serde_json::Value as Json;

use crate::invisible::escape_json;

/// A string literal: every JSON string is one.
pub fn string(text: &str) -> String {
    escape_json(Json::from(text).to_string())
}

/// The name of a property in a type: as it is where that is an identifier, else as a string.
pub fn key(name: &str) -> String {
    if is_identifier(name) { name.to_owned() } else { string(name) }
}

/// The name of a property in an object: of all names, `__proto__` would set something else.
pub fn key_of_value(name: &str) -> String {
    if name == "__proto__" { "[\"__proto__\"]".to_owned() } else { key(name) }
}

/// Whether a name can stand behind a dot.
pub fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    let begins = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '$';
    chars.next().is_some_and(begins) && chars.all(|c| begins(c) || c.is_ascii_digit())
}

/// Any value; `depth` is how far the line that it begins on is indented, in steps.
pub fn value(json: &Json, depth: usize) -> String {
    let inner = "  ".repeat(depth + 1);
    let lines = |values: Vec<String>| values.iter().map(|value| format!("\n{inner}{value},")).collect::<String>();
    let end = "  ".repeat(depth);
    match json {
        Json::Array(values) if values.is_empty() => "[]".to_owned(),
        Json::Object(values) if values.is_empty() => "{}".to_owned(),
        Json::Array(values) => {
            let values = values.iter().map(|inner| value(inner, depth + 1)).collect();
            format!("[{}\n{end}]", lines(values))
        }
        Json::Object(values) => {
            let value = |(key, inner): (&String, &Json)| format!("{}: {}", key_of_value(key), value(inner, depth + 1));
            format!("{{{}\n{end}}}", lines(values.iter().map(value).collect()))
        }
        Json::String(text) => string(text),
        Json::Null | Json::Bool(_) | Json::Number(_) => json.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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

    #[test]
    fn values_are_indented_and_no_name_sets_a_prototype() {
        let nested = json!({ "a": [1, null], "__proto__": {}, "b-c": "d" });
        assert_eq!(
            value(&nested, 1),
            "{\n    a: [\n      1,\n      null,\n    ],\n    [\"__proto__\"]: {},\n    \"b-c\": \"d\",\n  }"
        );
    }
}
