//! Numbers of the API server: an int64 or a float64.

use serde_json::Number as JsonNumber;

/// Number as Go decodes it into an `interface{}`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// Number without a fraction or an exponent, within the range of int64.
    Int(i64),
    /// Any other number.
    Float(f64),
}

impl Number {
    /// Converts a number of JSON.
    pub fn of(number: &JsonNumber) -> Self {
        match number.as_i64() {
            Some(int) => Self::Int(int),
            None => Self::Float(number.as_f64().unwrap_or(f64::NAN)),
        }
    }

    /// Returns the nearest float64.
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Int(int) => int as f64,
            Self::Float(float) => float,
        }
    }
}

/// Converts a float to int64 as Go does on amd64: the fraction is dropped, and a value out of range becomes the
/// minimum.
pub fn truncated(float: f64) -> i64 {
    if is_int64(float) { float as i64 } else { i64::MIN }
}

/// Returns whether a float, without its fraction, is within the range of int64.
pub fn is_int64(float: f64) -> bool {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    (-TWO_TO_63..TWO_TO_63).contains(&float.trunc())
}
