//! Detection of lists in fields of text, which a server may store and generated types refuse.
//!
//! The server's type check passes a string with a known format on to the format check, and a list as well. The format
//! check then ignores values that are not strings.

use crdgen_schema::Schema;
use crdgen_schema::schema::{Additional, SchemaType};
use serde_json::Value;

/// Formats that a server checks, without hyphens, which it ignores.
const SUPPORTED: [&str; 26] = [
    "bsonobjectid",
    "byte",
    "cidr",
    "creditcard",
    "date",
    "datetime",
    "duration",
    "email",
    "hexcolor",
    "hostname",
    "ipv4",
    "ipv6",
    "isbn",
    "isbn10",
    "isbn13",
    "k8slongname",
    "k8sshortname",
    "mac",
    "password",
    "rgbcolor",
    "ssn",
    "uri",
    "uuid",
    "uuid3",
    "uuid4",
    "uuid5",
];

/// Returns whether a value contains such a list at any depth.
pub fn holds_list_for_text(schema: &Schema, value: &Value) -> bool {
    match value {
        Value::Array(_) if schema.type_ == Some(SchemaType::String) => is_supported(schema.format.as_deref()),
        Value::Array(items) => {
            let Some(schema) = &schema.items else { return false };
            items.iter().any(|item| holds_list_for_text(schema, item))
        }
        Value::Object(fields) => fields.iter().any(|(name, value)| {
            let declared = schema.properties.get(name).or(match &schema.additional_properties {
                Some(Additional::Schema(values)) => Some(&**values),
                _ => None,
            });
            declared.is_some_and(|schema| holds_list_for_text(schema, value))
        }),
        _ => false,
    }
}

fn is_supported(format: Option<&str>) -> bool {
    format.is_some_and(|format| SUPPORTED.contains(&format.replace('-', "").as_str()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(format: &str) -> Schema {
        Schema { type_: Some(SchemaType::String), format: Some(format.to_owned()), ..Schema::default() }
    }

    #[test]
    fn only_a_list_for_text_of_a_supported_format_counts() {
        assert!(holds_list_for_text(&text("date-time"), &json!([])));
        assert!(holds_list_for_text(&text("uuid5"), &json!(["x"])));
        assert!(!holds_list_for_text(&text("date-time"), &json!("x")));
        assert!(!holds_list_for_text(&text("quantity"), &json!([])));
        assert!(!holds_list_for_text(&Schema::default(), &json!([])));
    }

    #[test]
    fn it_is_found_at_any_depth() {
        let values =
            Schema { additional_properties: Some(Additional::Schema(Box::new(text("date")))), ..Schema::default() };
        let list = Schema { items: Some(Box::new(values)), ..Schema::default() };
        let root = Schema { properties: [("spec".to_owned(), list)].into_iter().collect(), ..Schema::default() };
        assert!(holds_list_for_text(&root, &json!({"spec": [{}, {"a": []}]})));
        assert!(!holds_list_for_text(&root, &json!({"spec": [{"a": "b"}], "other": []})));
    }
}
