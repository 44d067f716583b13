//! Conversions: `int`, `uint`, `double`, `string`, `bool`, `bytes`, `duration` and `timestamp`. Text is parsed as in
//! Go.

use super::declaration::Declaration;
use crate::expression::budget::Budget;
use crate::expression::duration;
use crate::expression::failure::{Failure, Result};
use crate::expression::numbers::{double_of, text_of_double};
use crate::expression::timestamp::Timestamp;
use crate::expression::value::Value;

pub(super) const FUNCTIONS: &[Declaration] = &[
    Declaration::global("int", 1, int),
    Declaration::global("uint", 1, uint),
    Declaration::global("double", 1, double),
    Declaration::global("string", 1, string),
    Declaration::global("bool", 1, bool),
    Declaration::global("bytes", 1, bytes),
    Declaration::global("duration", 1, to_duration),
    Declaration::global("timestamp", 1, timestamp),
];

fn int<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    let value = match &arguments[0] {
        Value::Int(value) => Some(*value),
        Value::Zero => Some(0),
        Value::Uint(value) => i64::try_from(*value).ok(),
        // The limits of int64 themselves are out of range.
        Value::Double(value) => (value.abs() < 9_223_372_036_854_775_807.0).then_some(*value as i64),
        Value::String(text) => text.parse().ok(),
        Value::Timestamp(time) => Some(time.seconds()),
        Value::Duration(nanoseconds) => Some(*nanoseconds),
        _ => return Err(Failure::no_overload()),
    };
    converted(value.map(Value::Int))
}

fn uint<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    let value = match &arguments[0] {
        Value::Uint(value) => Some(*value),
        Value::Int(value) => u64::try_from(*value).ok(),
        Value::Zero => Some(0),
        Value::Double(value) => (*value >= 0.0 && *value < 18_446_744_073_709_551_616.0).then_some(*value as u64),
        Value::String(text) if !text.starts_with('+') => text.parse().ok(),
        Value::String(_) => None,
        _ => return Err(Failure::no_overload()),
    };
    converted(value.map(Value::Uint))
}

fn double<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    match &arguments[0] {
        Value::Double(value) => Ok(Value::Double(*value)),
        Value::Int(value) => Ok(Value::Double(*value as f64)),
        Value::Zero => Ok(Value::Double(0.0)),
        Value::Uint(value) => Ok(Value::Double(*value as f64)),
        Value::String(text) => double_of(text).map(Value::Double),
        _ => Err(Failure::no_overload()),
    }
}

/// Returns the text to which `string()` converts a value, or `None` if there is none.
pub(in crate::expression) fn text_of(value: &Value<'_>) -> Result<Option<String>> {
    Ok(match value {
        Value::String(text) => Some(text.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Int(value) => Some(value.to_string()),
        Value::Zero => Some("0".to_owned()),
        Value::Uint(value) => Some(value.to_string()),
        Value::Double(value) => Some(text_of_double(*value)),
        Value::Bytes(bytes) => std::str::from_utf8(bytes).ok().map(str::to_owned),
        Value::Duration(nanoseconds) => Some(duration::text(*nanoseconds)),
        Value::Timestamp(time) => Some(time.to_string()),
        Value::Type(name) => Some(name.0.to_owned()),
        Value::Ip(address) => Some(address.to_string()),
        Value::Cidr(cidr) => Some(cidr.to_string()),
        _ => return Err(Failure::no_overload()),
    })
}

fn string<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    match &arguments[0] {
        Value::Type(_) => Err(Failure::no_overload()),
        value => converted(text_of(value)?.map(Value::text)),
    }
}

fn bool<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    let value = match &arguments[0] {
        Value::Bool(value) => Some(*value),
        Value::String(text) => match text.as_ref() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
            _ => None,
        },
        _ => return Err(Failure::no_overload()),
    };
    converted(value.map(Value::Bool))
}

fn bytes<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    match &arguments[0] {
        Value::Bytes(bytes) => Ok(Value::Bytes(bytes.clone())),
        Value::String(text) => Ok(Value::Bytes(text.as_bytes().to_vec().into())),
        _ => Err(Failure::no_overload()),
    }
}

fn to_duration<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    match &arguments[0] {
        Value::Duration(value) => Ok(Value::Duration(*value)),
        Value::String(text) => converted(duration::parse(text).map(Value::Duration)),
        _ => Err(Failure::no_overload()),
    }
}

fn timestamp<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    let time = match &arguments[0] {
        Value::Timestamp(time) => Some(*time),
        Value::Int(seconds) => Timestamp::at(*seconds),
        Value::String(text) => Timestamp::parse(text),
        _ => return Err(Failure::no_overload()),
    };
    converted(time.map(Value::Timestamp))
}

fn converted(value: Option<Value<'_>>) -> Result<Value<'_>> {
    value.ok_or(Failure::Error("type conversion error".into()))
}
