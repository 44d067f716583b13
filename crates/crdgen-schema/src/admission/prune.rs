//! Pruning of undeclared fields and of nulls that are not allowed.

use serde_json::Value as Json;

use crate::prepared::{Prepared, Values};
use crate::value_path::ValuePath;
use crate::verdict::Limited;

/// Removes undeclared fields and returns the paths of the first ones, sorted.
pub(crate) fn unknown_fields(value: &mut Json, schema: &Prepared) -> Limited<String> {
    let mut unknown = Limited::default();
    prune(value, Some(schema), &ValuePath::ROOT, &mut unknown);
    unknown.sort();
    unknown
}

/// Prunes a value. Without a schema, every field of every object is undeclared.
fn prune(value: &mut Json, schema: Option<&Prepared>, path: &ValuePath<'_>, unknown: &mut Limited<String>) {
    match (value, schema) {
        (value, Some(schema)) if schema.preserve_unknown_fields => prune_declared(value, schema, path, unknown),
        (Json::Object(fields), schema) => fields.retain(|name, value| match child(schema, name) {
            Child::Meta => true,
            Child::Declared(schema) => {
                prune(value, schema, &path.field(name), unknown);
                true
            }
            Child::Unknown => {
                unknown.push_with(|| path.field(name).dotted());
                false
            }
        }),
        (Json::Array(items), schema) => {
            let schema = schema.and_then(|schema| schema.items.as_deref());
            for (index, item) in items.iter_mut().enumerate() {
                prune(item, schema, &path.index(index), unknown);
            }
        }
        _ => {}
    }
}

/// Prunes the declared fields of a value whose undeclared fields are preserved. Items of a list also preserve theirs.
fn prune_declared(value: &mut Json, schema: &Prepared, path: &ValuePath<'_>, unknown: &mut Limited<String>) {
    match value {
        Json::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                if let Child::Declared(schema) = child(Some(schema), name) {
                    prune(value, schema, &path.field(name), unknown);
                }
            }
        }
        Json::Array(items) => {
            let Some(schema) = &schema.items else { return };
            for (index, item) in items.iter_mut().enumerate() {
                prune_declared(item, schema, &path.index(index), unknown);
            }
        }
        _ => {}
    }
}

/// Kind of a field in a schema.
enum Child<'s> {
    /// `apiVersion`, `kind` or `metadata` of an object.
    Meta,
    /// Declared field. Without a schema, its own fields are all undeclared.
    Declared(Option<&'s Prepared>),
    Unknown,
}

fn child<'s>(schema: Option<&'s Prepared>, name: &str) -> Child<'s> {
    let Some(schema) = schema else { return Child::Unknown };
    if schema.embedded_resource && matches!(name, "apiVersion" | "kind" | "metadata") {
        return Child::Meta;
    }
    match (schema.properties.get(name), &schema.additional) {
        (Some(property), _) => Child::Declared(Some(property)),
        (None, Some(Values::Of(values))) => Child::Declared(Some(values)),
        (None, Some(Values::Any(_))) => Child::Declared(None),
        (None, None) => Child::Unknown,
    }
}

/// Removes null fields that are not nullable and have no default. Null items of lists are kept.
pub(super) fn nulls(value: &mut Json, schema: &Prepared) {
    match value {
        Json::Object(fields) => fields.retain(|name, value| match schema.field(name) {
            Some(schema) if value.is_null() => schema.nullable || schema.default.is_some(),
            Some(schema) => {
                nulls(value, schema);
                true
            }
            None => true,
        }),
        Json::Array(items) => {
            let Some(schema) = &schema.items else { return };
            items.iter_mut().for_each(|item| nulls(item, schema));
        }
        _ => {}
    }
}
