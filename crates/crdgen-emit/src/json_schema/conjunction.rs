//! Conjunction of schemas: values must be valid against all of them.

use serde_json::{Map, Value as Json, json};

/// Keywords with their values, in the order in which they are written.
pub type Schema = Map<String, Json>;

/// Adds a schema that must hold too. Its `properties` cannot be merged, because they would change the meaning of
/// `additionalProperties`.
pub fn conjoin(schema: &mut Schema, more: Schema) {
    let is_free =
        |keyword: &String| matches!(keyword.as_str(), "anyOf" | "oneOf" | "not") && !schema.contains_key(keyword);
    if more.keys().all(is_free) {
        schema.extend(more);
    } else if let (1, Some(Json::Array(branches))) = (more.len(), more.get("allOf")) {
        branches.clone().into_iter().filter_map(object_of).for_each(|branch| conjoin(schema, branch));
    } else if let Some(all) = schema.entry("allOf").or_insert_with(|| json!([])).as_array_mut() {
        all.push(Json::Object(more));
    }
}

fn object_of(json: Json) -> Option<Schema> {
    if let Json::Object(schema) = json { Some(schema) } else { None }
}
