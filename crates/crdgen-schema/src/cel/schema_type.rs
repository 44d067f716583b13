//! CEL types of structural schemas. Follows `SchemaDeclType` in `k8s.io/apiserver/pkg/cel/common`.

use crdgen_cel::Type;
use indexmap::IndexMap;

use crate::schema::{Additional, ListType, Schema, SchemaType};

/// Position of a node: an object with type and metadata (the root or an embedded resource), or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Resource,
    Within,
}

impl Place {
    pub(super) fn of(schema: &Schema) -> Self {
        if schema.embedded_resource { Self::Resource } else { Self::Within }
    }
}

/// Returns the type of the values of a schema node.
pub(super) fn type_of(schema: &Schema, place: Place) -> Type {
    let type_ = if schema.int_or_string { Type::int_or_string() } else { plain_type_of(schema, place) };
    type_.nullable(schema.nullable)
}

fn type_of_child(schema: &Schema) -> Type {
    type_of(schema, Place::of(schema))
}

/// Returns the type without `nullable` and `x-kubernetes-int-or-string`.
fn plain_type_of(schema: &Schema, place: Place) -> Type {
    match schema.type_ {
        Some(SchemaType::Object) => object_type_of(schema, place),
        Some(SchemaType::Array) => list_type_of(schema),
        Some(SchemaType::String) => match schema.format.as_deref() {
            Some("byte") => Type::bytes(),
            Some("duration") => Type::duration(),
            Some("date") => Type::date(),
            Some("date-time") => Type::date_time(),
            _ => Type::string(),
        },
        Some(SchemaType::Integer) => Type::integer(),
        Some(SchemaType::Number) => Type::number(),
        Some(SchemaType::Boolean) => Type::boolean(),
        None => Type::unknown(),
    }
}

fn list_type_of(schema: &Schema) -> Type {
    let items = schema.items.as_deref().map(type_of_child);
    match schema.list_type {
        Some(ListType::Map) => Type::list_map(schema.list_map_keys.iter().map(String::as_str), items),
        Some(ListType::Set) => Type::set(items),
        Some(ListType::Atomic) | None => Type::list(items),
    }
}

fn object_type_of(schema: &Schema, place: Place) -> Type {
    let mut fields: IndexMap<&str, Type> =
        schema.properties.iter().map(|(name, schema)| (name.as_str(), type_of_child(schema))).collect();
    if place == Place::Resource && !declares_type_and_metadata(schema) {
        fields.insert("kind", Type::string());
        fields.insert("apiVersion", Type::string());
        fields.insert("metadata", Type::object(["name", "generateName"].map(|name| (name, Type::string()))));
    }
    match &schema.additional_properties {
        _ if !fields.is_empty() => Type::object(fields),
        Some(Additional::Schema(values)) => Type::map(type_of_child(values)),
        _ => Type::bare_object(),
    }
}

fn declares_type_and_metadata(schema: &Schema) -> bool {
    let is = |schema: &Schema, name: &str, type_: SchemaType| {
        schema.properties.get(name).is_some_and(|schema| schema.type_ == Some(type_))
    };
    is(schema, "kind", SchemaType::String)
        && is(schema, "apiVersion", SchemaType::String)
        && is(schema, "metadata", SchemaType::Object)
        && schema.properties.get("metadata").is_some_and(|metadata| {
            is(metadata, "name", SchemaType::String) && is(metadata, "generateName", SchemaType::String)
        })
}
