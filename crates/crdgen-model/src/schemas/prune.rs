//! Removal of properties from a schema, with everything else that names them.

use std::collections::HashSet;

use crdgen_schema::schema::{Additional, Schema, SchemaType};
use serde_json::Value as Json;

use crate::levels::{Level, Levels};
use crate::places::validation::junctors_of;

/// Removes everything from an object's schema that names one of the removed properties.
pub fn forget(schema: &mut Schema, gone: &[String]) {
    if gone.is_empty() {
        return;
    }
    let gone: HashSet<&str> = gone.iter().map(String::as_str).collect();
    forget_names(schema, &|name| gone.contains(name));
}

/// Removes everything from an object's schema that names an undeclared property.
pub fn forget_undeclared(schema: &mut Schema) {
    let declared: HashSet<String> = schema.properties.keys().cloned().collect();
    forget_names(schema, &|name| !declared.contains(name));
}

fn forget_names(schema: &mut Schema, is_gone: &dyn Fn(&str) -> bool) {
    schema.required.retain(|name| !is_gone(name));
    // A junctor without some of its properties would be a rule that the API server does not have.
    schema.all_of.retain(|branch| !names(branch, is_gone));
    for branches in [&mut schema.one_of, &mut schema.any_of] {
        if branches.iter().any(|branch| names(branch, is_gone)) {
            branches.clear();
        }
    }
    schema.not.take_if(|not| names(not, is_gone));
}

/// Returns whether a junctor names a property of its object for which `is_named` is true.
fn names(junctor: &Schema, is_named: &dyn Fn(&str) -> bool) -> bool {
    let mut own = junctor.required.iter().chain(junctor.properties.keys());
    own.any(|name| is_named(name)) || junctors_of(junctor).any(|junctor| names(junctor, is_named))
}

/// Makes a list of type `map` a list without a type if its items no longer have all of its keys.
pub fn forget_keys(list: &mut Schema) {
    let Some(items) = &list.items else { return };
    if !list.list_map_keys.iter().all(|key| items.properties.contains_key(key)) {
        list.list_map_keys.clear();
        list.list_type = None;
    }
}

/// Removes undeclared properties from the schema's default.
pub fn forget_defaults(schema: &mut Schema) {
    if let Some(mut default) = schema.default.take() {
        fit(&mut default, schema);
        schema.default = Some(default);
    }
}

fn fit(value: &mut Json, schema: &Schema) {
    match value {
        Json::Array(items) => {
            if let Some(schema) = &schema.items {
                items.iter_mut().for_each(|item| fit(item, schema));
            }
        }
        Json::Object(fields) if !schema.preserve_unknown_fields && !schema.embedded_resource => {
            fields.retain(|name, value| match (schema.properties.get(name), &schema.additional_properties) {
                (Some(property), _) => {
                    fit(value, property);
                    true
                }
                (None, Some(Additional::Schema(values))) => {
                    fit(value, values);
                    true
                }
                (None, Some(Additional::Allowed(_))) => true,
                (None, None) => false,
            });
        }
        _ => (),
    }
}

/// Returns the lists and maps around the value that a schema describes.
pub fn levels(schema: &Schema) -> Levels {
    let chain = std::iter::successors(below(schema), |(_, inner)| below(inner));
    chain.map(|(level, _)| level).collect()
}

/// Returns the schema of the items of a list or of the values of a map.
fn below(schema: &Schema) -> Option<(Level, &Schema)> {
    match (schema.type_, &schema.items, &schema.additional_properties) {
        (Some(SchemaType::Array), Some(items), _) => Some((Level::List, items)),
        (Some(SchemaType::Object), _, Some(Additional::Schema(values))) if schema.properties.is_empty() => {
            Some((Level::Map, values))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(names: &[&str]) -> Schema {
        let properties = names.iter().map(|name| ((*name).to_owned(), Schema::default())).collect();
        Schema { type_: Some(SchemaType::Object), properties, ..Schema::default() }
    }

    #[test]
    fn what_names_a_property_goes_with_it() {
        let branch = |name: &str| Schema { required: vec![name.to_owned()].into(), ..Schema::default() };
        let mut schema = Schema {
            required: vec!["a".to_owned(), "b".to_owned()].into(),
            one_of: vec![branch("a"), branch("b")].into(),
            any_of: vec![branch("a")].into(),
            all_of: vec![branch("a"), Schema { one_of: vec![branch("b")].into(), ..Schema::default() }].into(),
            not: Some(Box::new(branch("b"))),
            ..object(&["a"])
        };
        forget(&mut schema, &["b".to_owned()]);
        assert_eq!((&*schema.required, schema.one_of.len(), schema.any_of.len()), (&vec!["a".to_owned()], 0, 1));
        assert_eq!((schema.all_of.len(), &schema.not), (1, &None));
        schema.required.push("c".to_owned());
        schema.any_of.push(branch("c"));
        forget_undeclared(&mut schema);
        assert_eq!((&*schema.required, schema.any_of.len(), schema.all_of.len()), (&vec!["a".to_owned()], 0, 1));

        let mut list = Schema {
            items: Some(Box::new(object(&["a"]))),
            list_map_keys: vec!["b".to_owned()].into(),
            list_type: Some(crdgen_schema::schema::ListType::Map),
            ..Schema::default()
        };
        forget_keys(&mut list);
        assert_eq!((list.list_map_keys.len(), list.list_type), (0, None));
    }

    #[test]
    fn defaults_lose_what_is_not_declared() {
        let mut schema = Schema { default: Some(Box::new(json!({ "a": 1, "b": 2 }))), ..object(&["a"]) };
        forget_defaults(&mut schema);
        assert_eq!(schema.default, Some(Box::new(json!({ "a": 1 }))));
        let mut open =
            Schema { default: Some(Box::new(json!({ "b": 2 }))), preserve_unknown_fields: true, ..object(&["a"]) };
        forget_defaults(&mut open);
        assert_eq!(open.default, Some(Box::new(json!({ "b": 2 }))));
    }
}
