//! `enum`: values are equal when Go says so, after converting the value to the type of the allowed one.

use serde_json::Value as Json;

use super::finding::{Failure, Findings};
use crate::number::{Number, truncated};
use crate::prepared::Prepared;
use crate::value_path::ValuePath;

pub(super) fn check(schema: &Prepared, value: &Json, path: &ValuePath<'_>, out: &mut Findings) {
    if !schema.enum_.is_empty() && !schema.enum_.iter().any(|allowed| equals(value, allowed)) {
        out.fail(|| Failure::not_supported(path, value, &schema.enum_));
    }
}

fn equals(value: &Json, allowed: &Json) -> bool {
    match (value, allowed) {
        (Json::Null, _) => false,
        (Json::Number(value), Json::Number(allowed)) => match (Number::of(value), Number::of(allowed)) {
            (Number::Float(value), Number::Int(allowed)) => truncated(value) == allowed,
            (value, allowed) => value.as_f64() == allowed.as_f64() && (value == allowed || is_float(allowed)),
        },
        // An integer is the code of a character.
        (Json::Number(value), Json::String(allowed)) => value.as_i64().is_some_and(|code| {
            let letter = u32::try_from(code).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
            allowed.chars().eq([letter])
        }),
        // Within lists and objects an integer never equals a float.
        _ => value == allowed,
    }
}

fn is_float(number: Number) -> bool {
    matches!(number, Number::Float(_))
}
