//! Conversion of JSON to CEL values, with and without a declared type.
//!
//! An int-or-string has the type of its value; a string with `format: duration` is a duration. Follows
//! `UnstructuredToVal` in `k8s.io/apiserver/pkg/cel/common`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Number, Value as Json};

use super::budget::Budget;
use super::duration;
use super::failure::{Failure, Result};
use super::list::{Items, List, Raw, TypedList};
use super::map::{Map, TypedMap};
use super::shared::Text;
use super::timestamp::Timestamp;
use super::types::{Kind, Type};
use super::value::Value;

/// Converts a part of the object to a CEL value by its declared type.
pub(super) fn declared_value<'a>(raw: &Raw<'a>, type_: &'a Type, budget: &Budget) -> Result<Value<'a>> {
    match raw {
        Raw::Json(json) => value_of_json(json, type_, budget),
        Raw::String(text) => value_of_text(text.clone(), type_, budget),
        Raw::Bool(value) if matches!(*type_.kind, Kind::Boolean) => Ok(Value::Bool(*value)),
        Raw::Int(value) if matches!(*type_.kind, Kind::Integer | Kind::IntOrString) => Ok(Value::Int(*value)),
        Raw::Int(value) if matches!(*type_.kind, Kind::Number) => Ok(Value::Double(*value as f64)),
        Raw::Double(value) if matches!(*type_.kind, Kind::Number) => Ok(Value::Double(*value)),
        _ => Failure::error("invalid data"),
    }
}

fn value_of_json<'a>(json: &'a Json, type_: &'a Type, budget: &Budget) -> Result<Value<'a>> {
    match (json, type_.kind.as_ref()) {
        (Json::Null, _) if type_.nullable => Ok(Value::Null),
        (Json::Null, _) => Failure::error("invalid data: null"),
        (json, Kind::Unknown) => Ok(Value::Opaque(json)),
        (Json::Bool(value), Kind::Boolean) => Ok(Value::Bool(*value)),
        (Json::Number(number), Kind::Integer | Kind::IntOrString) => match int_of(number) {
            Some(value) => Ok(Value::Int(value)),
            None => Failure::error("invalid data: expected an integer"),
        },
        (Json::Number(number), Kind::Number) => Ok(Value::Double(number.as_f64().unwrap_or(f64::INFINITY))),
        (Json::String(text), _) => value_of_text(Text::Borrowed(text), type_, budget),
        (Json::Array(_), Kind::List(kind, Some(item_type))) => {
            Ok(Value::List(List::Typed(TypedList { items: Items::Stored(json), item_type, kind })))
        }
        (Json::Object(_), kind @ (Kind::Object(_) | Kind::Map(_) | Kind::Bare)) => {
            Ok(Value::Map(Map::Typed(TypedMap { json, kind })))
        }
        _ => Failure::error("invalid data"),
    }
}

fn value_of_text<'a>(text: Text<'a>, type_: &'a Type, budget: &Budget) -> Result<Value<'a>> {
    if matches!(*type_.kind, Kind::String | Kind::IntOrString) {
        return Ok(Value::String(text));
    }
    // The text is parsed on every access.
    budget.spend_on_text(text.len())?;
    let value = match type_.kind.as_ref() {
        Kind::Duration => duration::parse_lenient(&text).map(Value::Duration),
        Kind::Date => Timestamp::parse_date(&text).map(Value::Timestamp),
        Kind::DateTime => Timestamp::parse_lenient(&text).map(Value::Timestamp),
        Kind::Bytes => STANDARD.decode(text.as_bytes()).ok().map(|bytes| Value::Bytes(bytes.into())),
        _ => None,
    };
    value.ok_or(Failure::Error("invalid data".into()))
}

/// Converts a value to that of its JSON without a schema: names are not escaped, durations and timestamps are text,
/// sets have an order.
pub(super) fn untyped_value<'a>(value: &Value<'a>, budget: &Budget) -> Result<Value<'a>> {
    Ok(match value {
        Value::List(List::Typed(list)) => match list.items {
            Items::Stored(json) => untyped_json(json),
            Items::Joined(_) => {
                budget.spend(list.len())?;
                Value::list(list.raws().map(|raw| raw.untyped()).collect())
            }
        },
        Value::Map(map) => map.json().map_or_else(|| value.clone(), untyped_json),
        other => other.clone(),
    })
}

/// Converts JSON without a schema.
pub(super) fn untyped_json(json: &Json) -> Value<'_> {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => match int_of(number) {
            Some(value) => Value::Int(value),
            None => Value::Double(number.as_f64().unwrap_or(f64::INFINITY)),
        },
        Json::String(text) => Value::String(Text::Borrowed(text)),
        Json::Array(items) => Value::List(List::Plain(items)),
        Json::Object(fields) => Value::Map(Map::Plain(fields)),
    }
}

/// Returns the number, if the API server holds it as an integer.
fn int_of(number: &Number) -> Option<i64> {
    number.as_i64()
}
