//! Junctors of a CRD's schema in the dialect of JSON Schema.

use serde_json::{Map, Value as Json, json};

use crate::pattern;

/// Returns a junctor as a JSON Schema that judges every value but null as the junctor does; `None` when some keyword of it
/// means less there. A keyword cannot simply be left out: below `not` that would refuse more.
pub fn exact(junctor: &Json) -> Option<Map<String, Json>> {
    let mut exact = Map::new();
    for (keyword, value) in junctor.as_object()? {
        let (keyword, value) = match keyword.as_str() {
            "allOf" | "anyOf" | "oneOf" => (keyword.as_str(), branches(value)?),
            "not" => ("not", Json::Object(self::exact(value)?)),
            "items" => ("items", below(value)?),
            "properties" => ("properties", properties(value)?),
            "minimum" if is_set(junctor, "exclusiveMinimum") => ("exclusiveMinimum", value.clone()),
            "maximum" if is_set(junctor, "exclusiveMaximum") => ("exclusiveMaximum", value.clone()),
            "exclusiveMinimum" | "exclusiveMaximum" => continue,
            "pattern" => ("pattern", Json::from(pattern::portable(value.as_str()?)?)),
            "multipleOf" if value.as_f64().is_none_or(|factor| factor <= 0.0) => return None,
            "enum" | "required" | "type" | "multipleOf" | "minimum" | "maximum" => (keyword.as_str(), value.clone()),
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
                (keyword.as_str(), Json::from(value.as_u64()?))
            }
            _ => return None,
        };
        exact.insert(keyword.to_owned(), value);
    }
    Some(exact)
}

/// The server asks junctors nothing about null.
pub fn or_null(junctors: Map<String, Json>) -> Map<String, Json> {
    Map::from_iter([("anyOf".to_owned(), json!([{ "type": "null" }, junctors]))])
}

/// A schema of another value, which may be null.
fn below(junctor: &Json) -> Option<Json> {
    let (junctors, mut bounds): (Map<_, _>, Map<_, _>) = exact(junctor)?
        .into_iter()
        .partition(|(keyword, _)| ["allOf", "anyOf", "oneOf", "not"].contains(&keyword.as_str()));
    if !junctors.is_empty() {
        bounds.extend(or_null(junctors));
    }
    Some(Json::Object(bounds))
}

fn is_set(junctor: &Json, keyword: &str) -> bool {
    junctor.get(keyword).and_then(Json::as_bool).unwrap_or_default()
}

fn branches(value: &Json) -> Option<Json> {
    value.as_array()?.iter().map(|branch| Some(Json::Object(exact(branch)?))).collect()
}

fn properties(value: &Json) -> Option<Json> {
    value.as_object()?.iter().map(|(name, junctor)| Some((name.clone(), below(junctor)?))).collect()
}

/// Whether a junctor has a closed choice in it, which a newer server may open.
pub fn has_choice(junctor: &Json) -> bool {
    match junctor {
        Json::Object(fields) => fields.iter().any(|(keyword, value)| keyword == "enum" || has_choice(value)),
        Json::Array(items) => items.iter().any(has_choice),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_said_as_json_schema_says_them() {
        let junctor = json!({"not": {"minimum": 1, "exclusiveMinimum": true, "properties": {"a": {"pattern": "^a"}}}});
        let expected = json!({"not": {"exclusiveMinimum": 1, "properties": {"a": {"pattern": "^a"}}}});
        assert_eq!(exact(&junctor).map(Json::Object), Some(expected));
    }

    #[test]
    fn null_is_asked_nothing_but_its_type_and_choices() {
        let junctor = json!({"properties": {"a": {"enum": [1], "not": {"required": ["b"]}}}});
        let expected =
            json!({"properties": {"a": {"enum": [1], "anyOf": [{"type": "null"}, {"not": {"required": ["b"]}}]}}});
        assert_eq!(exact(&junctor).map(Json::Object), Some(expected));
    }

    #[test]
    fn what_means_less_there_is_not_said_in_part() {
        for keyword in [json!({"pattern": "(?i)a"}), json!({"format": "date"}), json!({"multipleOf": 0})] {
            assert_eq!(exact(&json!({"anyOf": [{"required": ["a"]}, {"not": keyword}]})), None, "{keyword}");
        }
    }
}
