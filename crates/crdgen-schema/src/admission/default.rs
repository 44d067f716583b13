//! Filling in defaults. Follows `pkg/apiserver/schema/defaulting/algorithm.go` of apiextensions-apiserver.

use serde_json::Value as Json;

use crate::prepared::Prepared;

/// Fills in defaults of absent fields, and of null where it may not stand. What is absent itself is not opened for the
/// defaults of its fields.
pub(super) fn fill(value: &mut Json, schema: &Prepared) {
    match value {
        Json::Object(fields) => {
            for (name, property) in &schema.properties {
                if let Some(default) = &property.default
                    && fields.get(name).is_none_or(|value| value.is_null() && !property.nullable)
                {
                    fields.insert(name.clone(), default.clone());
                }
            }
            for (name, value) in fields.iter_mut() {
                if let Some(schema) = schema.field(name) {
                    replace_null(value, schema);
                    fill(value, schema);
                }
            }
        }
        Json::Array(items) => {
            let Some(schema) = &schema.items else { return };
            for item in items {
                replace_null(item, schema);
                fill(item, schema);
            }
        }
        _ => {}
    }
}

fn replace_null(value: &mut Json, schema: &Prepared) {
    if let Some(default) = &schema.default
        && value.is_null()
        && !schema.nullable
    {
        *value = default.clone();
    }
}
