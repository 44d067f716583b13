//! Checks that the schema of a version is structural and that an API server accepts it.
//!
//! Follows `ValidateStructural`, `ValidateCustomResourceDefinitionOpenAPISchema` and `ValidateDefaults` of
//! apiextensions-apiserver. Every schema that the server accepts passes. Every error that the server reports is found,
//! except errors in CEL rules.

mod branches;
mod default;
mod field_path;
mod list;
mod meta;
mod pattern;
mod position;
mod refusal;
mod rule;
mod undeclared;

use crate::crd::Version;
use crate::report::{Path, Report};
use crate::schema::{Additional, Schema, SchemaType};
use default::is_set;
use position::{Level, Region};
use refusal::refuse;

/// Checks the schema of a version, and the fields of the version that refer to the schema.
pub(crate) fn check(version: &Version, path: &Path<'_>, report: &mut Report<'_>) {
    let schema_path = path.field("schema");
    let schema_path = schema_path.field("openAPIV3Schema");
    let errors = report.errors();
    let schema = &version.schema;
    check_root(schema, &schema_path, report);
    if version.status {
        check_root_with_status(schema, &schema_path, report);
    }
    check_node(schema, Level::Root, Region::Ordinary, &schema_path, report);
    undeclared::check(schema, &schema_path, report);
    // As in the server, defaults and paths are only checked in a valid schema.
    if report.errors() == errors {
        pattern::check_weights(schema, &schema_path, report);
        default::check(schema, &schema_path, report);
        field_path::check_selectable(version, path, report);
    }
}

fn check_root(schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    let mut refuse = |field: &'static str, message: &str, help: &str| {
        refuse(report, "schema::root", schema.span, &path.field(field), message, help);
    };
    if schema.type_.is_some_and(|type_| type_ != SchemaType::Object) {
        refuse("type", "a custom resource must be an object", "write `type: object` at the root");
    }
    if schema.additional_properties.is_some() {
        let help = "declare `properties`; set `x-kubernetes-preserve-unknown-fields: true` to keep fields that are not declared";
        refuse("additionalProperties", "`additionalProperties` is not allowed at the root", help);
    }
    if schema.nullable {
        refuse("nullable", "a custom resource cannot be null", "remove `nullable` from the root");
    }
}

/// Refuses keywords at the root that are not allowed with the status subresource. The server takes `status` out of the
/// schema, so no keyword of the root may apply to `status` as well.
fn check_root_with_status(schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    let used = [
        ("allOf", !schema.all_of.is_empty()),
        ("anyOf", !schema.any_of.is_empty()),
        ("oneOf", !schema.one_of.is_empty()),
        ("not", schema.not.is_some()),
        ("enum", !schema.enum_.is_empty()),
        ("default", is_set(schema.default.as_deref())),
        ("minProperties", schema.bounds.min_properties.is_some()),
        ("maxProperties", schema.bounds.max_properties.is_some()),
        ("x-kubernetes-int-or-string", schema.int_or_string),
        ("x-kubernetes-embedded-resource", schema.embedded_resource),
        ("x-kubernetes-list-type", schema.list_type.is_some()),
        ("x-kubernetes-list-map-keys", !schema.list_map_keys.is_empty()),
        ("x-kubernetes-map-type", schema.map_type.is_some()),
    ];
    for (keyword, _) in used.into_iter().filter(|(_, is_used)| *is_used) {
        let message = format!("`{keyword}` is not allowed at the root of a version that has the status subresource");
        refuse(report, "schema::root", schema.span, &path.field(keyword), message, "move it into the schema of `spec`");
    }
}

fn check_node(schema: &Schema, level: Level, region: Region, path: &Path<'_>, report: &mut Report<'_>) {
    check_type(schema, level, path, report);
    check_unique_items(schema, path, report);
    check_extensions(schema, path, report);
    check_additional(schema, path, report);
    branches::check(schema, path, report);
    pattern::check(schema, path, report);
    list::check(schema, path, report);
    meta::check(schema, level, region, path, report);
    rule::check(schema, path, report);
    check_children(schema, level, region, path, report);
}

fn check_children(schema: &Schema, level: Level, region: Region, path: &Path<'_>, report: &mut Report<'_>) {
    let properties_path = path.field("properties");
    for (name, property) in &schema.properties {
        let region = meta::region_of(name, schema, level, region);
        check_node(property, Level::Field, region, &properties_path.field(name), report);
    }
    if let Some(items) = &schema.items {
        check_node(items, Level::Item, region, &path.field("items"), report);
    }
    if let Some(Additional::Schema(values)) = &schema.additional_properties {
        check_node(values, Level::Field, region, &path.field("additionalProperties"), report);
    }
}

fn check_type(schema: &Schema, level: Level, path: &Path<'_>, report: &mut Report<'_>) {
    let type_path = path.field("type");
    if schema.embedded_resource && schema.type_ != Some(SchemaType::Object) {
        let message = "`x-kubernetes-embedded-resource` is allowed only for objects";
        refuse(report, "schema::embedded", schema.span, &type_path, message, "write `type: object`");
    } else if schema.type_.is_none() && !schema.int_or_string && !schema.preserve_unknown_fields {
        let message = match level {
            Level::Root => "the root has no type",
            Level::Item => "the items have no type",
            Level::Field => "the field has no type",
        };
        let help = "every node of a structural schema needs `type`, `x-kubernetes-int-or-string: true` or \
                    `x-kubernetes-preserve-unknown-fields: true` (any value)";
        refuse(report, "schema::no-type", schema.span, &type_path, message, help);
    }
    if schema.type_ == Some(SchemaType::Array) && schema.items.is_none() {
        let help = "declare the items, for example `items: {type: string}`";
        refuse(report, "schema::no-items", schema.span, &path.field("items"), "the array has no `items`", help);
    }
}

fn check_unique_items(schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    if schema.unique_items {
        let message = "`uniqueItems: true` is not allowed in a CRD";
        let path = path.field("uniqueItems");
        refuse(report, "schema::forbidden", schema.span, &path, message, "use `x-kubernetes-list-type: set`");
    }
}

fn check_extensions(schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    let contradicting = [
        ("x-kubernetes-preserve-unknown-fields", schema.preserve_unknown_fields),
        ("x-kubernetes-embedded-resource", schema.embedded_resource),
    ];
    for (extension, is_set) in contradicting {
        if schema.int_or_string && is_set {
            let message = format!("`{extension}` and `x-kubernetes-int-or-string` exclude each other");
            refuse(report, "schema::int-or-string", schema.span, &path.field(extension), message, "remove one of them");
        }
    }
    if schema.map_type.is_some() && schema.type_ != Some(SchemaType::Object) {
        let message = "`x-kubernetes-map-type` is allowed only for objects";
        refuse(
            report,
            "schema::map-type",
            schema.span,
            &path.field("type"),
            message,
            "write `type: object`, or remove it",
        );
    }
    if schema.embedded_resource && !schema.preserve_unknown_fields && schema.properties.is_empty() {
        let message = "the embedded object has no `properties`";
        let help = "declare them, or set `x-kubernetes-preserve-unknown-fields: true`";
        refuse(report, "schema::embedded", schema.span, &path.field("properties"), message, help);
    }
}

fn check_additional(schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    let path = path.field("additionalProperties");
    match &schema.additional_properties {
        None => {}
        Some(_) if schema.embedded_resource => {
            let message = "an embedded object cannot have `additionalProperties`";
            refuse(report, "schema::embedded", schema.span, &path, message, "declare `properties`");
        }
        Some(Additional::Allowed(true)) => {}
        Some(_) if !schema.properties.is_empty() => {
            let message = "`properties` and `additionalProperties` exclude each other";
            let help = "remove `additionalProperties`: undeclared fields are dropped anyway; to keep them, set \
                        `x-kubernetes-preserve-unknown-fields: true`";
            refuse(report, "schema::additional", schema.span, &path, message, help);
        }
        Some(_) => {}
    }
}
