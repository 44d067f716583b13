//! Junctors of a CRD's schema in JSON Schema 2020-12.

use serde_json::{Map, Value as Json, json};

use super::conjunction::{Schema, conjoin};
use super::judged::Judged;
use crate::pattern;

/// Returns a junctor as a JSON Schema that accepts the same values, apart from null. Returns `None` if a keyword of the
/// junctor has a weaker equivalent there. Such a keyword cannot be left out, because below `not` the schema would then
/// refuse more. A null that the server drops before it validates is no key to the junctor.
pub fn exact(junctor: &Json, judged: &Judged<'_>) -> Option<Map<String, Json>> {
    let mut exact = Map::new();
    for (keyword, value) in junctor.as_object()? {
        let (keyword, value) = match keyword.as_str() {
            "allOf" | "anyOf" | "oneOf" => (keyword.as_str(), branches(value, judged)?),
            "not" => ("not", Json::Object(self::exact(value, judged)?)),
            "items" => ("items", below(value, &judged.item())?),
            "properties" => ("properties", properties(value, judged)?),
            "minimum" if is_set(junctor, "exclusiveMinimum") => ("exclusiveMinimum", value.clone()),
            "maximum" if is_set(junctor, "exclusiveMaximum") => ("exclusiveMaximum", value.clone()),
            "exclusiveMinimum" | "exclusiveMaximum" => continue,
            "pattern" => ("pattern", Json::from(pattern::portable(value.as_str()?)?)),
            "multipleOf" if value.as_f64().is_none_or(|factor| factor <= 0.0) => return None,
            "required" => ("required", unique(value.as_array()?)),
            "enum" | "type" | "multipleOf" | "minimum" | "maximum" => (keyword.as_str(), value.clone()),
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
                (keyword.as_str(), Json::from(value.as_u64()?))
            }
            _ => return None,
        };
        exact.insert(keyword.to_owned(), value);
    }
    let required = junctor.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    if let Some(said) = not_null(required.filter(|key| judged.drops(key))) {
        conjoin(&mut exact, Map::from_iter([said]));
    }
    Some(exact)
}

/// Adds null to the accepted values, since the API server does not check junctors for null.
pub fn or_null(junctors: Map<String, Json>) -> Map<String, Json> {
    Map::from_iter([("anyOf".to_owned(), json!([{ "type": "null" }, junctors]))])
}

/// `properties` of which none is null; nothing without keys.
pub fn not_null<'k>(keys: impl IntoIterator<Item = &'k str>) -> Option<(String, Json)> {
    let properties: Schema =
        keys.into_iter().map(|key| (key.to_owned(), json!({ "not": { "type": "null" } }))).collect();
    (!properties.is_empty()).then(|| ("properties".to_owned(), Json::Object(properties)))
}

/// Returns the schema of an inner value, which may be null.
fn below(junctor: &Json, judged: &Judged<'_>) -> Option<Json> {
    let (junctors, mut bounds): (Map<_, _>, Map<_, _>) = exact(junctor, judged)?
        .into_iter()
        .partition(|(keyword, _)| ["allOf", "anyOf", "oneOf", "not"].contains(&keyword.as_str()));
    if !junctors.is_empty() {
        bounds.extend(or_null(junctors));
    }
    Some(Json::Object(bounds))
}

/// A list of names, in which JSON Schema wants none to stand twice.
pub fn unique<'n>(names: impl IntoIterator<Item = &'n Json>) -> Json {
    let mut unique: Vec<Json> = Vec::new();
    names.into_iter().for_each(|name| {
        if !unique.contains(name) {
            unique.push(name.clone());
        }
    });
    unique.into()
}

fn is_set(junctor: &Json, keyword: &str) -> bool {
    junctor.get(keyword).and_then(Json::as_bool).unwrap_or_default()
}

fn branches(value: &Json, judged: &Judged<'_>) -> Option<Json> {
    value.as_array()?.iter().map(|branch| Some(Json::Object(exact(branch, judged)?))).collect()
}

fn properties(value: &Json, judged: &Judged<'_>) -> Option<Json> {
    let property = |(key, junctor): (&String, &Json)| {
        let said = match judged.drops(key) {
            true => Json::Object(or_null(exact(junctor, &judged.below(key))?)),
            false => below(junctor, &judged.below(key))?,
        };
        Some((key.clone(), said))
    };
    value.as_object()?.iter().map(property).collect()
}

/// Returns whether a junctor contains an `enum`, to which a newer server may add values.
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
        assert_eq!(exact(&junctor, &Judged::Other).map(Json::Object), Some(expected));
    }

    #[test]
    fn a_key_that_is_required_twice_is_required() {
        let junctor = json!({"not": {"required": ["a", "b", "a"]}});
        let expected = json!({"not": {"required": ["a", "b"]}});
        assert_eq!(exact(&junctor, &Judged::Other).map(Json::Object), Some(expected));
    }

    #[test]
    fn null_is_asked_nothing_but_its_type_and_choices() {
        let junctor = json!({"properties": {"a": {"enum": [1], "not": {"required": ["b"]}}}});
        let expected =
            json!({"properties": {"a": {"enum": [1], "anyOf": [{"type": "null"}, {"not": {"required": ["b"]}}]}}});
        assert_eq!(exact(&junctor, &Judged::Other).map(Json::Object), Some(expected));
    }

    #[test]
    fn what_means_less_there_is_not_said_in_part() {
        for keyword in [json!({"pattern": "(?i)a"}), json!({"format": "date"}), json!({"multipleOf": 0})] {
            let junctor = json!({"anyOf": [{"required": ["a"]}, {"not": keyword}]});
            assert_eq!(exact(&junctor, &Judged::Other), None, "{keyword}");
        }
    }
}
