//! Defaults must fit their own schema and must not hold undeclared fields.
//!
//! Like the API server this does not fill in the defaults of fields within a default, and does not look below
//! `additionalProperties`.

use serde_json::Value as Json;

use super::value::{Fit, fits};
use super::{is_set, refuse};
use crate::report::{Path, Report};
use crate::schema::{Additional, Schema};

const CODE: &str = "schema::default";

/// Checks all defaults.
pub(super) fn check(root: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    if is_set(root.default.as_ref()) {
        // A default of the whole object holds what embedded objects hold.
        let whole = Schema { embedded_resource: true, ..root.clone() };
        check_own(&whole, path, report);
    }
    check_children(root, path, report);
}

fn check_node(schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    check_own(schema, path, report);
    check_children(schema, path, report);
}

fn check_children(schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    let properties_path = path.field("properties");
    for (name, property) in &schema.properties {
        check_node(property, &properties_path.field(name), report);
    }
    if let Some(items) = &schema.items {
        check_node(items, &path.field("items"), report);
    }
}

fn check_own(schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    let Some(default) = schema.default.as_ref().filter(|default| is_set(Some(default))) else { return };
    let path = path.field("default");
    check_default(default, schema, &path, report);
    if schema.embedded_resource {
        check_type_meta(default, schema, &path, report);
    }
}

fn check_default(default: &Json, schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    if fits(default, schema) == Fit::No {
        let message = format!("the default {} does not fit its own schema", shortened(default));
        let help = "correct it; fields that are required in it must stand in it, whether or not they have defaults";
        refuse(report, CODE, schema.span, path, message, help);
    }
    if let Some(unknown) = unknown_field(default, Some(schema)) {
        let message = format!("the default holds the undeclared field `{unknown}`");
        refuse(report, CODE, schema.span, path, message, "declare it, or remove it from the default");
    }
}

/// Embedded objects have a type.
fn check_type_meta(default: &Json, schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    let Json::Object(fields) = default else { return };
    for name in ["apiVersion", "kind"] {
        if fields.get(name).and_then(Json::as_str).unwrap_or_default().is_empty() {
            let message = format!("the default is a whole object and has no `{name}`");
            refuse(report, CODE, schema.span, path, message, "give it, or remove the default");
        }
    }
}

fn shortened(default: &Json) -> String {
    const MAX_CHARS: usize = 60;
    let text = default.to_string();
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A field that pruning would remove.
fn unknown_field<'v>(value: &'v Json, schema: Option<&Schema>) -> Option<&'v str> {
    let keeps_unknown = schema.is_some_and(|schema| schema.preserve_unknown_fields);
    match value {
        Json::Array(items) if keeps_unknown => items.iter().find_map(|item| unknown_in_preserved(item, schema)),
        Json::Array(items) => {
            let items_schema = schema.and_then(|schema| schema.items.as_deref());
            items.iter().find_map(|item| unknown_field(item, items_schema))
        }
        Json::Object(fields) => fields.iter().find_map(|(name, value)| match declared(name, schema) {
            Declared::Meta => None,
            Declared::As(schema) => unknown_field(value, schema),
            Declared::Not if keeps_unknown => None,
            Declared::Not => Some(name.as_str()),
        }),
        _ => None,
    }
}

/// Preserving on a list also covers its items.
fn unknown_in_preserved<'v>(item: &'v Json, list: Option<&Schema>) -> Option<&'v str> {
    let items = list.and_then(|list| list.items.as_deref())?;
    unknown_field(item, Some(&Schema { preserve_unknown_fields: true, ..items.clone() }))
}

enum Declared<'s> {
    As(Option<&'s Schema>),
    /// Part of every object.
    Meta,
    Not,
}

fn declared<'s>(name: &str, schema: Option<&'s Schema>) -> Declared<'s> {
    let Some(schema) = schema else { return Declared::Not };
    if schema.embedded_resource && matches!(name, "apiVersion" | "kind" | "metadata") {
        return Declared::Meta;
    }
    match (schema.properties.get(name), &schema.additional_properties) {
        (Some(property), _) => Declared::As(Some(property)),
        (None, Some(Additional::Schema(values))) => Declared::As(Some(values)),
        (None, Some(Additional::Allowed(_))) => Declared::As(None),
        (None, None) => Declared::Not,
    }
}
