//! Checks of `apiVersion`, `kind` and `metadata`, of the object itself and of embedded objects.

use super::default::is_set;
use super::position::{Level, Region};
use super::refusal::refuse;
use crate::report::{Path, Report};
use crate::schema::{Schema, SchemaType};

const CODE: &str = "schema::metadata";

/// Returns the region of a property.
pub(super) fn region_of(name: &str, parent: &Schema, level: Level, region: Region) -> Region {
    match (name, level) {
        ("metadata" | "apiVersion" | "kind", Level::Root) => Region::RootMeta,
        ("metadata" | "apiVersion" | "kind", _) if parent.embedded_resource && region == Region::Ordinary => {
            Region::EmbeddedMeta
        }
        _ => region,
    }
}

/// Checks what a node declares about metadata, and the keywords that are not allowed within metadata.
pub(super) fn check(schema: &Schema, level: Level, region: Region, path: &Path<'_>, report: &mut Report<'_>) {
    if region == Region::RootMeta && is_set(schema.default.as_deref()) {
        let message = "apiVersion, kind and metadata cannot have defaults";
        refuse(report, CODE, schema.span, &path.field("default"), message, "remove it");
    }
    if region != Region::Ordinary && schema.embedded_resource {
        let message = "metadata cannot be an embedded object or contain one";
        refuse(report, CODE, schema.span, &path.field("x-kubernetes-embedded-resource"), message, "remove it");
    }
    if level == Level::Root || schema.embedded_resource {
        check_object(schema, level, path, report);
    }
}

fn check_object(schema: &Schema, level: Level, path: &Path<'_>, report: &mut Report<'_>) {
    let path = path.field("properties");
    for (name, wanted, help) in [
        ("apiVersion", SchemaType::String, "write `type: string`"),
        ("kind", SchemaType::String, "write `type: string`"),
        ("metadata", SchemaType::Object, "write `type: object`"),
    ] {
        let Some(property) = schema.properties.get(name) else { continue };
        if property.type_ != Some(wanted) {
            let message = format!("`{name}` does not have the type that it has in every Kubernetes object");
            refuse(report, CODE, property.span, &path.field(name).field("type"), message, help);
        }
    }
    match schema.properties.get("metadata") {
        Some(metadata) if level == Level::Root && !is_plain(metadata) => {
            let message = "the schema can only restrict `name` and `generateName` of metadata";
            refuse(report, CODE, metadata.span, &path.field("metadata"), message, "write `metadata: {type: object}`");
        }
        _ => {}
    }
}

/// Returns whether a schema is `type: object` with no properties but `name` and `generateName`.
fn is_plain(metadata: &Schema) -> bool {
    let is_known = |name: &String| name == "name" || name == "generateName";
    let bare = Schema {
        span: metadata.span,
        type_: metadata.type_,
        // `check` reports a default.
        default: metadata.default.clone(),
        properties: metadata.properties.clone(),
        ..Schema::default()
    };
    metadata.properties.keys().all(is_known) && *metadata == bare
}
