//! Fields of a schema, and their types in words.

use crdgen_schema::Schema;
use crdgen_schema::schema::{Additional, SchemaType};

/// Declared field of an object.
#[derive(Clone, Copy, Debug)]
pub struct Field<'s> {
    /// Name of the field.
    pub name: &'s str,
    /// Schema of the field's value.
    pub schema: &'s Schema,
    /// Whether the schema of the object requires the field.
    pub is_required: bool,
}

impl<'s> Field<'s> {
    /// Returns the schema of the innermost items or values of the field's lists and maps, and the levels around it:
    /// `[]` for a list, `{}` for a map. Returns the field's own schema and no levels if the field is neither list nor
    /// map.
    pub fn bottom(&self) -> (&'s Schema, String) {
        let mut levels = String::new();
        let mut schema = self.schema;
        while let Some((level, inner)) = below(schema) {
            levels.push_str(level);
            schema = inner;
        }
        (schema, levels)
    }
}

/// Returns the declared fields of an object, in the order of the CRD.
pub fn fields(schema: &Schema) -> impl Iterator<Item = Field<'_>> {
    schema.properties.iter().map(|(name, property)| Field {
        name,
        schema: property,
        is_required: schema.required.contains(name),
    })
}

/// Returns the schema of the items of a list or of the values of a map, with its level.
pub(crate) fn below(schema: &Schema) -> Option<(&'static str, &Schema)> {
    match (&schema.items, &schema.additional_properties) {
        (Some(items), _) => Some(("[]", items)),
        (None, Some(Additional::Schema(values))) if schema.properties.is_empty() => Some(("{}", values)),
        _ => None,
    }
}

/// Returns the type of a value in words, for example `list of string` or `map of integer or string`.
pub fn type_in_words(schema: &Schema) -> String {
    if schema.int_or_string {
        return "integer or string".to_owned();
    }
    let with_format = |name: &str| match schema.format.as_deref() {
        Some(format) if !format.is_empty() => format!("{name} ({format})"),
        _ => name.to_owned(),
    };
    match (schema.type_, below(schema)) {
        (Some(SchemaType::Array), Some((_, items))) => format!("list of {}", type_in_words(items)),
        (Some(SchemaType::Object), Some((_, values))) => format!("map of {}", type_in_words(values)),
        (Some(SchemaType::Object), None) if schema.embedded_resource => "object of any kind".to_owned(),
        (Some(SchemaType::Object), None) if schema.properties.is_empty() => "any object".to_owned(),
        (Some(SchemaType::Object), None) => "object".to_owned(),
        (Some(SchemaType::Array), None) => "list of any value".to_owned(),
        (Some(SchemaType::String), _) => with_format("string"),
        (Some(SchemaType::Integer), _) => with_format("integer"),
        (Some(SchemaType::Number), _) => with_format("number"),
        (Some(SchemaType::Boolean), _) => "boolean".to_owned(),
        (None, _) => "any value".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_type_is_named_with_its_format_and_its_items() {
        let words = |json| type_in_words(&Schema::from_json(&json).expect("the schema can be read"));
        assert_eq!(words(json!({"type": "string", "format": "date-time"})), "string (date-time)");
        assert_eq!(words(json!({"type": "string", "format": ""})), "string");
        assert_eq!(words(json!({"type": "object"})), "any object");
        assert_eq!(words(json!({"type": "object", "properties": {"a": {}}})), "object");
        assert_eq!(words(json!({"type": "object", "additionalProperties": {"type": "integer"}})), "map of integer");
        assert_eq!(
            words(json!({"type": "array", "items": {"x-kubernetes-int-or-string": true}})),
            "list of integer or string"
        );
    }

    #[test]
    fn an_object_with_declared_fields_is_no_map() {
        let schema = json!({"type": "object", "properties": {"a": {}}, "additionalProperties": {"type": "integer"}});
        let schema = Schema::from_json(&schema).expect("the schema can be read");
        assert_eq!(type_in_words(&schema), "object");
        assert!(below(&schema).is_none());
    }
}
