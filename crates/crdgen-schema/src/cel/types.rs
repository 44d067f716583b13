//! Types of JSON values in expressions, according to the schema. An int-or-string has the type of its value; a string
//! with `format: duration` is a duration. Follows `UnstructuredToVal` and `SchemaDeclType` in
//! `k8s.io/apiserver/pkg/cel/common`.

use std::borrow::Cow;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;
use serde_json::Value as Json;

use super::budget::Budget;
use super::failure::{Failure, Result};
use super::list::{Items, List, Raw, TypedList, int_of};
use super::map::{Map, TypedMap};
use super::shared::Text;
use super::timestamp::Timestamp;
use super::value::Value;
use super::{duration, names};
use crate::schema::{Additional, ListType, Schema, SchemaType};

/// Type of the values of a schema node.
#[derive(Clone, Debug)]
pub(super) struct Type {
    pub(super) nullable: bool,
    pub(super) kind: Arc<Kind>,
}

/// Kinds of values that expressions distinguish.
#[derive(Debug)]
pub(super) enum Kind {
    IntOrString,
    String,
    Bytes,
    Duration,
    Date,
    DateTime,
    Integer,
    Number,
    Boolean,
    /// List. The type of the items is `None` if they have no schema.
    List(ListKind, Option<Type>),
    /// Object with `properties`, by JSON name.
    Object(IndexMap<String, Type>),
    /// Map: `additionalProperties` with a schema.
    Map(Type),
    /// Object without declared fields.
    Bare,
    /// Data without a type, which expressions cannot access.
    Unknown,
}

/// Kind of list, which determines comparison and joining.
#[derive(Debug)]
pub(super) enum ListKind {
    Atomic,
    Set,
    /// List of type map with its keys. They are escaped as CEL names, since the API server looks for the escaped names.
    Map(Vec<String>),
}

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

impl Type {
    pub(super) fn of(schema: &Schema, place: Place) -> Self {
        let kind = if schema.int_or_string { Kind::IntOrString } else { Kind::of(schema, place) };
        Self { nullable: schema.nullable, kind: Arc::new(kind) }
    }

    fn of_child(schema: &Schema) -> Self {
        Self::of(schema, Place::of(schema))
    }

    fn plain(kind: Kind) -> Self {
        Self { nullable: false, kind: Arc::new(kind) }
    }

    /// Returns whether expressions can access values of the type. Otherwise rules in and below such values do not
    /// exist.
    pub(super) fn is_exposed(&self) -> bool {
        match self.kind.as_ref() {
            Kind::List(_, items) => items.as_ref().is_some_and(Self::is_exposed),
            Kind::Map(values) => values.is_exposed(),
            Kind::Unknown => false,
            _ => true,
        }
    }

    /// Returns the type of a property, if the property's schema alone determines the type. For `apiVersion`, `kind` and
    /// `metadata` of an object it does not.
    pub(super) fn field(&self, name: &str) -> Option<&Self> {
        match self.kind.as_ref() {
            Kind::Object(fields) if !matches!(name, "apiVersion" | "kind" | "metadata") => fields.get(name),
            _ => None,
        }
    }

    /// Returns the type of the values of a map.
    pub(super) fn values(&self) -> Option<&Self> {
        match self.kind.as_ref() {
            Kind::Map(values) => Some(values),
            _ => None,
        }
    }

    /// Returns the type of the items of a list.
    pub(super) fn items(&self) -> Option<&Self> {
        match self.kind.as_ref() {
            Kind::List(_, items) => items.as_ref(),
            _ => None,
        }
    }

    /// Converts a part of the object to a CEL value.
    pub(super) fn value_of<'a>(&'a self, raw: &Raw<'a>, budget: &Budget) -> Result<Value<'a>> {
        match raw {
            Raw::Json(json) => self.value_of_json(json, budget),
            Raw::String(text) => self.value_of_text(text.clone(), budget),
            Raw::Bool(value) if matches!(*self.kind, Kind::Boolean) => Ok(Value::Bool(*value)),
            Raw::Int(value) if matches!(*self.kind, Kind::Integer | Kind::IntOrString) => Ok(Value::Int(*value)),
            Raw::Int(value) if matches!(*self.kind, Kind::Number) => Ok(Value::Double(*value as f64)),
            Raw::Double(value) if matches!(*self.kind, Kind::Number) => Ok(Value::Double(*value)),
            _ => Failure::error("invalid data"),
        }
    }

    fn value_of_json<'a>(&'a self, json: &'a Json, budget: &Budget) -> Result<Value<'a>> {
        match (json, self.kind.as_ref()) {
            (Json::Null, _) if self.nullable => Ok(Value::Null),
            (Json::Null, _) => Failure::error("invalid data: null"),
            (json, Kind::Unknown) => Ok(Value::Opaque(json)),
            (Json::Bool(value), Kind::Boolean) => Ok(Value::Bool(*value)),
            (Json::Number(number), Kind::Integer | Kind::IntOrString) => match int_of(number) {
                Some(value) => Ok(Value::Int(value)),
                None => Failure::error("invalid data: expected an integer"),
            },
            (Json::Number(number), Kind::Number) => Ok(Value::Double(number.as_f64().unwrap_or(f64::INFINITY))),
            (Json::String(text), _) => self.value_of_text(Text::Borrowed(text), budget),
            (Json::Array(_), Kind::List(kind, Some(item_type))) => {
                Ok(Value::List(List::Typed(TypedList { items: Items::Stored(json), item_type, kind })))
            }
            (Json::Object(_), kind @ (Kind::Object(_) | Kind::Map(_) | Kind::Bare)) => {
                Ok(Value::Map(Map::Typed(TypedMap { json, kind })))
            }
            _ => Failure::error("invalid data"),
        }
    }

    fn value_of_text<'a>(&'a self, text: Text<'a>, budget: &Budget) -> Result<Value<'a>> {
        if matches!(*self.kind, Kind::String | Kind::IntOrString) {
            return Ok(Value::String(text));
        }
        // The text is parsed on every access.
        budget.spend_on_text(text.len())?;
        let value = match self.kind.as_ref() {
            Kind::Duration => duration::parse_lenient(&text).map(Value::Duration),
            Kind::Date => Timestamp::parse_date(&text).map(Value::Timestamp),
            Kind::DateTime => Timestamp::parse_lenient(&text).map(Value::Timestamp),
            Kind::Bytes => STANDARD.decode(text.as_bytes()).ok().map(|bytes| Value::Bytes(bytes.into())),
            _ => None,
        };
        value.ok_or(Failure::Error("invalid data".into()))
    }
}

impl Kind {
    fn of(schema: &Schema, place: Place) -> Self {
        match schema.type_ {
            Some(SchemaType::Object) => Self::of_object(schema, place),
            Some(SchemaType::Array) => Self::List(ListKind::of(schema), schema.items.as_deref().map(Type::of_child)),
            Some(SchemaType::String) => match schema.format.as_deref() {
                Some("byte") => Self::Bytes,
                Some("duration") => Self::Duration,
                Some("date") => Self::Date,
                Some("date-time") => Self::DateTime,
                _ => Self::String,
            },
            Some(SchemaType::Integer) => Self::Integer,
            Some(SchemaType::Number) => Self::Number,
            Some(SchemaType::Boolean) => Self::Boolean,
            None => Self::Unknown,
        }
    }

    fn of_object(schema: &Schema, place: Place) -> Self {
        let mut fields: IndexMap<String, Type> =
            schema.properties.iter().map(|(name, schema)| (name.clone(), Type::of_child(schema))).collect();
        if place == Place::Resource && !declares_type_and_metadata(schema) {
            let metadata = ["name", "generateName"].map(|name| (name.to_owned(), Type::plain(Self::String)));
            fields.insert("kind".into(), Type::plain(Self::String));
            fields.insert("apiVersion".into(), Type::plain(Self::String));
            fields.insert("metadata".into(), Type::plain(Self::Object(metadata.into_iter().collect())));
        }
        match &schema.additional_properties {
            _ if !fields.is_empty() => Self::Object(fields),
            Some(Additional::Schema(values)) => Self::Map(Type::of_child(values)),
            _ => Self::Bare,
        }
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

impl ListKind {
    fn of(schema: &Schema) -> Self {
        let escaped = |name: &String| names::escape(name).unwrap_or(Cow::Borrowed(name)).into_owned();
        match schema.list_type {
            Some(ListType::Map) => Self::Map(schema.list_map_keys.iter().map(escaped).collect()),
            Some(ListType::Set) => Self::Set,
            Some(ListType::Atomic) | None => Self::Atomic,
        }
    }
}
