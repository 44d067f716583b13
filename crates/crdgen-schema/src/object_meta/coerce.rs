//! Coercion of metadata to the form that the server stores: unknown fields are dropped, empty ones left out, times are
//! in UTC.
//!
//! The result equals decoding into the Go type and encoding again, as `pkg/apiserver/schema/objectmeta` of
//! apiextensions-apiserver does.

use crdgen_cel::format::rfc3339_in_utc;
use serde_json::{Map, Value as Json};

use crate::number::{Number, is_int64};
use crate::truncate;
use crate::value_path::ValuePath;
use crate::verdict::Limited;

/// Field of a Go struct.
struct Field {
    name: &'static str,
    type_: Type,
    /// Whether an empty field is written.
    is_kept: bool,
}

/// Go type of a field.
#[derive(Clone, Copy)]
enum Type {
    /// `string`
    Text,
    /// `int64`, left out if zero.
    Integer,
    /// `*int64`
    OptionalInteger,
    /// `*bool`
    OptionalBoolean,
    /// `metav1.Time`
    Time,
    /// `map[string]string`
    TextMap,
    /// `[]string`
    Texts,
    /// List of structs.
    Structs(&'static [Field]),
    /// Any JSON.
    Any,
}

const fn field(name: &'static str, type_: Type) -> Field {
    Field { name, type_, is_kept: false }
}

const fn kept(name: &'static str, type_: Type) -> Field {
    Field { name, type_, is_kept: true }
}

const OBJECT_META: &[Field] = &[
    field("name", Type::Text),
    field("generateName", Type::Text),
    field("namespace", Type::Text),
    field("selfLink", Type::Text),
    field("uid", Type::Text),
    field("resourceVersion", Type::Text),
    field("generation", Type::Integer),
    field("creationTimestamp", Type::Time),
    field("deletionTimestamp", Type::Time),
    field("deletionGracePeriodSeconds", Type::OptionalInteger),
    field("labels", Type::TextMap),
    field("annotations", Type::TextMap),
    field("ownerReferences", Type::Structs(OWNER_REFERENCE)),
    field("finalizers", Type::Texts),
    field("managedFields", Type::Structs(MANAGED_FIELDS)),
];

const OWNER_REFERENCE: &[Field] = &[
    kept("apiVersion", Type::Text),
    kept("kind", Type::Text),
    kept("name", Type::Text),
    kept("uid", Type::Text),
    field("controller", Type::OptionalBoolean),
    field("blockOwnerDeletion", Type::OptionalBoolean),
];

const MANAGED_FIELDS: &[Field] = &[
    field("manager", Type::Text),
    field("operation", Type::Text),
    field("apiVersion", Type::Text),
    field("time", Type::Time),
    field("fieldsType", Type::Text),
    field("fieldsV1", Type::Any),
    field("subresource", Type::Text),
];

/// Coerces the metadata at a path and adds the paths of unknown fields. The error says why the server cannot decode the
/// metadata.
pub(crate) fn coerce(metadata: &mut Json, path: &ValuePath<'_>, unknown: &mut Limited<String>) -> Result<(), String> {
    if metadata.is_null() {
        *metadata = Json::Object(Map::new());
    }
    struct_(metadata, OBJECT_META, path, unknown)
}

fn struct_(
    value: &mut Json,
    fields: &[Field],
    path: &ValuePath<'_>,
    unknown: &mut Limited<String>,
) -> Result<(), String> {
    let Json::Object(members) = value else { return Err(ill_typed(value, path, "an object")) };
    let mut failure = None;
    members.retain(|name, value| match fields.iter().find(|field| field.name == name) {
        Some(field) => {
            let result = member(value, field.type_, &path.field(name), unknown);
            failure = failure.take().or(result.err());
            field.is_kept || !is_empty(value, field.type_)
        }
        None => {
            unknown.push_with(|| path.field(name).bracketed());
            false
        }
    });
    for field in fields.iter().filter(|field| field.is_kept) {
        let value = members.entry(field.name).or_insert(Json::Null);
        if value.is_null() {
            *value = Json::String(String::new());
        }
    }
    failure.map_or(Ok(()), Err)
}

/// Coerces the value of a field. Null counts as absent.
fn member(value: &mut Json, type_: Type, path: &ValuePath<'_>, unknown: &mut Limited<String>) -> Result<(), String> {
    match (type_, value) {
        (Type::Any, _) | (_, Json::Null) => Ok(()),
        (Type::Text, Json::String(_)) | (Type::OptionalBoolean, Json::Bool(_)) => Ok(()),
        (Type::Integer | Type::OptionalInteger, Json::Number(number)) => match Number::of(number) {
            Number::Int(_) => Ok(()),
            Number::Float(float) if float.fract() == 0.0 && is_int64(float) => {
                *number = (float as i64).into();
                Ok(())
            }
            Number::Float(_) => Err(format!("{}: {number} is not an integer", path.bracketed())),
        },
        (Type::Time, Json::String(text)) => match rfc3339_in_utc(text) {
            Some(utc) => {
                *text = utc;
                Ok(())
            }
            None => Err(format!("{}: {} is not a time of RFC 3339", path.bracketed(), truncate::quoted(text))),
        },
        (Type::TextMap, Json::Object(members)) => {
            members.iter_mut().try_for_each(|(name, value)| text(value, &path.key(name)))
        }
        (Type::Texts, Json::Array(items)) => {
            items.iter_mut().enumerate().try_for_each(|(index, item)| text(item, &path.index(index)))
        }
        (Type::Structs(fields), Json::Array(items)) => items.iter_mut().enumerate().try_for_each(|(index, item)| {
            if item.is_null() {
                *item = Json::Object(Map::new());
            }
            struct_(item, fields, &path.index(index), unknown)
        }),
        (type_, value) => Err(ill_typed(value, path, type_.name())),
    }
}

/// Coerces a text within a map or a list, where null becomes the empty text.
fn text(value: &mut Json, path: &ValuePath<'_>) -> Result<(), String> {
    match value {
        Json::String(_) => Ok(()),
        Json::Null => {
            *value = Json::String(String::new());
            Ok(())
        }
        _ => Err(ill_typed(value, path, "a string")),
    }
}

impl Type {
    fn name(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Integer | Self::OptionalInteger => "an integer",
            Self::OptionalBoolean => "true or false",
            Self::Time => "a time of RFC 3339",
            Self::TextMap => "a mapping of strings",
            Self::Texts => "a list of strings",
            Self::Structs(_) => "a list of objects",
            Self::Any => "any value",
        }
    }
}

fn ill_typed(value: &Json, path: &ValuePath<'_>, wanted: &str) -> String {
    format!("{}: {} is not {wanted}", path.bracketed(), truncate::value(value))
}

/// Returns whether Go's `omitempty` leaves the value out.
fn is_empty(value: &Json, type_: Type) -> bool {
    const ZERO_TIME: &str = "0001-01-01T00:00:00Z";
    match value {
        Json::Null => true,
        Json::Bool(_) => false,
        Json::Number(number) => matches!(type_, Type::Integer) && number.as_i64() == Some(0),
        Json::String(text) => text.is_empty() || (matches!(type_, Type::Time) && text == ZERO_TIME),
        Json::Array(items) => items.is_empty() && !matches!(type_, Type::Any),
        Json::Object(members) => members.is_empty() && !matches!(type_, Type::Any),
    }
}
