//! Numbers as JavaScript has them.

use serde_json::{Number, Value as Json};

/// The largest integer up to which there is a float64 for each: `Number.MAX_SAFE_INTEGER`.
const MAX_SAFE: u64 = (1 << 53) - 1;

/// Whether JavaScript reads a value and sends the same: it has no number for some integers of 64 bits.
pub fn is_exact(value: &Json) -> bool {
    match value {
        Json::Number(number) => is_exact_number(number),
        Json::Array(items) => items.iter().all(is_exact),
        Json::Object(fields) => fields.values().all(is_exact),
        Json::Null | Json::Bool(_) | Json::String(_) => true,
    }
}

fn is_exact_number(number: &Number) -> bool {
    let magnitude = number.as_i64().map(i64::unsigned_abs).or(number.as_u64());
    magnitude.is_none_or(|magnitude| magnitude <= MAX_SAFE)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn integers_beyond_53_bits_are_not_exact() {
        assert!(is_exact(&json!([9_007_199_254_740_991_i64, -9_007_199_254_740_991_i64, 0.1, 1e300, "x", null])));
        for number in [json!(9_007_199_254_740_993_i64), json!(i64::MIN), json!(i64::MAX), json!(u64::MAX)] {
            assert!(!is_exact(&json!({ "a": [number] })), "{number}");
        }
    }
}
