//! Numbers of the API server: an int64 or a float64.

use serde_json::{Number as JsonNumber, Value as Json};

/// Number as Go decodes it into an `interface{}`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    pub(crate) fn of(number: &JsonNumber) -> Self {
        match number.as_i64() {
            Some(int) => Self::Int(int),
            None => Self::Float(number.as_f64().unwrap_or(f64::NAN)),
        }
    }

    pub(crate) fn as_f64(self) -> f64 {
        match self {
            Self::Int(int) => int as f64,
            Self::Float(float) => float,
        }
    }
}

/// Converts a float to int64 as Go does on amd64: the fraction is dropped, and a value out of range becomes the
/// minimum.
pub(crate) fn truncated(float: f64) -> i64 {
    if is_int64(float) { float as i64 } else { i64::MIN }
}

/// Returns whether a float, without its fraction, is within the range of int64.
pub(crate) fn is_int64(float: f64) -> bool {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    (-TWO_TO_63..TWO_TO_63).contains(&float.trunc())
}

/// Returns whether a float is an integer, or nearly one, that a float64 holds exactly (`IsFloat64AJSONInteger` of
/// go-openapi/swag).
pub(crate) fn is_json_integer(float: f64) -> bool {
    const MAX_SAFE: f64 = 9_007_199_254_740_991.0;
    const EPSILON: f64 = 1e-9;
    if !(-MAX_SAFE..=MAX_SAFE).contains(&float) {
        return false;
    }
    if float.fract() == 0.0 {
        return true;
    }
    // Go's conversion to uint64 wraps: no negative fraction is close to an integer.
    let whole = float.trunc();
    let difference = (float - whole).abs();
    float > 0.0 && whole != 0.0 && difference / (float + whole) < EPSILON
}

/// Converts whole floats within int64 to integers, everywhere in a value: the server stores them without a fraction.
pub(crate) fn store_whole_floats(value: &mut Json) {
    match value {
        Json::Number(number) if number.is_f64() => {
            let float = number.as_f64().unwrap_or(f64::NAN);
            if float.fract() == 0.0 && is_int64(float) {
                *number = JsonNumber::from(float as i64);
            }
        }
        Json::Array(items) => items.iter_mut().for_each(store_whole_floats),
        Json::Object(fields) => fields.values_mut().for_each(store_whole_floats),
        _ => {}
    }
}
