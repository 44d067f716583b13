//! Numbers of the API server: an int64 or a float64.

use serde_json::{Number as JsonNumber, Value as Json};

pub(crate) use crdgen_cel::json::{Number, is_int64, truncated};

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
