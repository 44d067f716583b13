//! Required keys that an API server prunes before it validates, so that no value is valid.

use crate::Diagnostic;
use crate::report::{Path, Report};
use crate::schema::{Additional, Schema, SchemaType};

/// Properties of every object, declared or not.
const IMPLIED: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// Warns of every required key that is pruned, in the schema of a whole object.
pub(super) fn check(schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    warn(schema, &IMPLIED, path, report);
    children(schema, false, path, report);
}

/// Checks a node. `is_kept` tells whether an enclosing list preserves unknown fields of its items.
fn node(schema: &Schema, is_kept: bool, path: &Path<'_>, report: &mut Report<'_>) {
    if !is_kept {
        warn(schema, if schema.embedded_resource { &IMPLIED } else { &[] }, path, report);
    }
    children(schema, is_kept && schema.type_ == Some(SchemaType::Array), path, report);
}

fn children(schema: &Schema, is_kept: bool, path: &Path<'_>, report: &mut Report<'_>) {
    let properties_path = path.field("properties");
    for (name, property) in &schema.properties {
        node(property, false, &properties_path.field(name), report);
    }
    if let Some(items) = &schema.items {
        node(items, is_kept || schema.preserve_unknown_fields, &path.field("items"), report);
    }
    if let Some(Additional::Schema(values)) = &schema.additional_properties {
        node(values, false, &path.field("additionalProperties"), report);
    }
}

fn warn(schema: &Schema, implied: &[&str], path: &Path<'_>, report: &mut Report<'_>) {
    let prunes = matches!(schema.additional_properties, None | Some(Additional::Allowed(false)));
    if schema.type_ != Some(SchemaType::Object) || schema.preserve_unknown_fields || !prunes {
        return;
    }
    let is_declared = |name: &str| schema.properties.contains_key(name) || implied.contains(&name);
    for name in schema.required.iter().filter(|name| !is_declared(name)) {
        let message =
            format!("`{name}` is required but not declared: an API server prunes it, so no value can be valid here");
        let warning = Diagnostic::warning("schema::required", message);
        let help = "declare it under `properties`, or remove it from `required`";
        report.add(warning.help(help), schema.span, &path.field("required"));
    }
}
