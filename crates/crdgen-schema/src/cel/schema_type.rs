//! CEL types of structural schemas. Follows `SchemaDeclType` in `k8s.io/apiserver/pkg/cel/common`.

use std::collections::HashSet;

use crdgen_cel::Type;
use indexmap::IndexMap;
use serde_json::Value as Json;

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
    let type_ = match schema.int_or_string {
        true => sized(Type::int_or_string(), characters(schema)),
        false => plain_type_of(schema, place),
    };
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
            Some("byte") => sized(Type::bytes(), size(schema.bounds.max_length)),
            Some("duration") => Type::duration(),
            Some("date") => Type::date(),
            Some("date-time") => Type::date_time(),
            _ => sized(Type::string(), characters(schema).or_else(|| longest(&schema.enum_))),
        },
        Some(SchemaType::Integer) => Type::integer(),
        Some(SchemaType::Number) => Type::number(),
        Some(SchemaType::Boolean) => Type::boolean(),
        None => Type::unknown(),
    }
}

fn list_type_of(schema: &Schema) -> Type {
    let items = schema.items.as_deref().map(type_of_child);
    let list = match schema.list_type {
        Some(ListType::Map) => Type::list_map(schema.list_map_keys.iter().map(String::as_str), items),
        Some(ListType::Set) => Type::set(items),
        Some(ListType::Atomic) | None => Type::list(items),
    };
    sized(list, size(schema.bounds.max_items))
}

/// Limits the size of the values of a type.
fn sized(type_: Type, most: Option<u64>) -> Type {
    match most {
        Some(most) => type_.max_elements(most),
        None => type_,
    }
}

/// Returns a limit. The server takes a negative one for 0.
fn size(limit: Option<i64>) -> Option<u64> {
    limit.map(|limit| u64::try_from(limit).unwrap_or(0))
}

/// Returns the limit of `maxLength` in bytes: four for a character.
fn characters(schema: &Schema) -> Option<u64> {
    size(schema.bounds.max_length).map(|most| most.saturating_mul(4))
}

/// Returns the bytes of the longest text of an `enum`.
fn longest(values: &[Json]) -> Option<u64> {
    let lengths = values.iter().map(|value| value.as_str().map_or(0, str::len) as u64);
    lengths.max()
}

fn object_type_of(schema: &Schema, place: Place) -> Type {
    let mut fields: IndexMap<&str, Type> =
        schema.properties.iter().map(|(name, schema)| (name.as_str(), type_of_child(schema))).collect();
    if place == Place::Resource && !declares_type_and_metadata(schema) {
        fields.insert("kind", Type::string());
        fields.insert("apiVersion", Type::string());
        fields.insert("metadata", Type::object(["name", "generateName"].map(|name| (name, Type::string()))));
    }
    let min_json = shortest_json(schema, &fields);
    match &schema.additional_properties {
        _ if !fields.is_empty() => Type::object(fields).min_json(min_json),
        Some(Additional::Schema(values)) => sized(Type::map(type_of_child(values)), size(schema.bounds.max_properties)),
        _ => Type::bare_object(),
    }
}

/// Returns the bytes of the shortest JSON of an object: its required fields without defaults.
fn shortest_json(schema: &Schema, fields: &IndexMap<&str, Type>) -> u64 {
    let required: HashSet<&str> = schema.required.iter().map(String::as_str).collect();
    let is_default = |name: &&str| {
        let property = schema.properties.get(*name);
        property.and_then(|property| property.default.as_ref()).is_some_and(|default| !default.is_null())
    };
    let counted = required.iter().filter(|name| !is_default(name)).filter_map(|name| fields.get_key_value(*name));
    let lengths = counted.filter(|(_, type_)| type_.is_exposed()).map(|(name, type_)| {
        // Quotes, colon and comma.
        name.len() as u64 + type_.shortest_json() + 4
    });
    2 + lengths.sum::<u64>()
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
