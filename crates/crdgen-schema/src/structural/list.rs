//! Checks of `x-kubernetes-list-type`.

use std::collections::BTreeSet;

use super::default::is_set;
use super::refusal::refuse;
use crate::report::{Path, Report};
use crate::schema::{ListType, Schema, SchemaType};

const CODE: &str = "schema::list-type";
const KEYS: &str = "x-kubernetes-list-map-keys";

/// Checks the list type, the keys and the items.
pub(super) fn check(schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    let Some(list_type) = schema.list_type else {
        if !schema.list_map_keys.is_empty() {
            let message = "`x-kubernetes-list-map-keys` is allowed only with `x-kubernetes-list-type: map`";
            let help = "write `x-kubernetes-list-type: map`, or remove the keys";
            refuse(report, CODE, schema.span, &path.field("x-kubernetes-list-type"), message, help);
        }
        return;
    };
    if schema.type_ != Some(SchemaType::Array) {
        let message = "`x-kubernetes-list-type` is allowed only for arrays";
        refuse(report, CODE, schema.span, &path.field("type"), message, "write `type: array`, or remove it");
        return;
    }
    if list_type != ListType::Map && !schema.list_map_keys.is_empty() {
        let message = "`x-kubernetes-list-map-keys` is allowed only with `x-kubernetes-list-type: map`";
        refuse(report, CODE, schema.span, &path.field(KEYS), message, "remove the keys");
    }
    // `check_type` reports an array without items.
    let Some(items) = &schema.items else { return };
    let items_path = path.field("items");
    if list_type != ListType::Atomic && items.nullable {
        let message = "the items of a list of type set or map cannot be null";
        refuse(report, CODE, items.span, &items_path.field("nullable"), message, "remove `nullable`");
    }
    match list_type {
        ListType::Atomic => {}
        ListType::Set => check_set(items, &items_path, report),
        ListType::Map => check_map(schema, items, path, report),
    }
}

fn check_set(items: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    let help = "the items of a list of type set are scalars, atomic lists or atomic objects";
    match items.type_ {
        Some(SchemaType::Array) if !matches!(items.list_type, None | Some(ListType::Atomic)) => {
            let message = "lists in a list of type set must be atomic";
            refuse(report, CODE, items.span, &path.field("x-kubernetes-list-type"), message, help);
        }
        Some(SchemaType::Object) if items.map_type.as_deref() != Some("atomic") => {
            let message = "objects in a list of type set must have `x-kubernetes-map-type: atomic`";
            refuse(report, CODE, items.span, &path.field("x-kubernetes-map-type"), message, help);
        }
        _ => {}
    }
}

fn check_map(schema: &Schema, items: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    let keys_path = path.field(KEYS);
    let items_path = path.field("items");
    if schema.list_map_keys.is_empty() {
        let message = "a list of type map needs `x-kubernetes-list-map-keys`";
        refuse(report, CODE, schema.span, &keys_path, message, "list the properties that identify an item");
    }
    if items.type_ != Some(SchemaType::Object) {
        let message = "the items of a list of type map must be objects";
        refuse(report, CODE, items.span, &items_path.field("type"), message, "write `type: object`");
        return;
    }
    let mut seen = BTreeSet::new();
    let required: BTreeSet<&String> = items.required.iter().collect();
    let properties_path = items_path.field("properties");
    for key in &schema.list_map_keys {
        if !seen.insert(key) {
            refuse(report, CODE, schema.span, &keys_path, format!("the key `{key}` is listed twice"), "list it once");
        }
        match items.properties.get(key) {
            Some(property) => {
                check_key(key, property, required.contains(key), &properties_path.field(key), report);
            }
            None => {
                let message = format!("the key `{key}` is not a property of the items");
                refuse(report, CODE, schema.span, &keys_path, message, "declare it under `items.properties`");
            }
        }
    }
}

fn check_key(key: &str, property: &Schema, is_required: bool, path: &Path<'_>, report: &mut Report<'_>) {
    if matches!(property.type_, Some(SchemaType::Array | SchemaType::Object)) {
        let message = format!("the key `{key}` must be a scalar");
        refuse(report, CODE, property.span, &path.field("type"), message, "use a string, integer, number or boolean");
    }
    if property.nullable {
        let message = format!("the key `{key}` cannot be null");
        refuse(report, CODE, property.span, &path.field("nullable"), message, "remove `nullable`");
    }
    if !is_required && !is_set(property.default.as_deref()) {
        let message = format!("the key `{key}` is optional and has no default");
        refuse(report, CODE, property.span, &path.field("default"), message, "make it required, or give it a default");
    }
}
