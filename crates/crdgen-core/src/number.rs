//! Values of schemas with `type: number`.
//!
//! An API server stores a number that is written as an int64 as an int64, and any other number as a float64, whatever
//! the `format`. Neither `f64` nor `f32` can hold all of them: 9223372036854775807 is stored exactly, and so is 0.1 in
//! a field with `format: float`. The server writes a float without a fraction as an integer: 1.0 comes back as 1.

use std::cmp::Ordering;
use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::integer;

/// Number as an API server stores it: an int64 or a float64.
///
/// Numbers that are equal for the server are equal: `Number::from(1.0) == Number::from(1)`.
#[derive(Clone, Copy, PartialEq)]
pub struct Number(Stored);

#[derive(Clone, Copy, PartialEq)]
enum Stored {
    Int(i64),
    /// Float that has a fraction, is negative zero, or is outside the range of an int64.
    Float(f64),
}

impl Number {
    /// Returns the nearest float.
    pub fn as_f64(self) -> f64 {
        match self.0 {
            Stored::Int(value) => value as f64,
            Stored::Float(value) => value,
        }
    }

    /// Returns the integer. Returns `None` when the number has a fraction or does not fit.
    pub fn as_i64(self) -> Option<i64> {
        match self.0 {
            Stored::Int(value) => Some(value),
            Stored::Float(_) => None,
        }
    }
}

/// Range from 2^63 to 2^64. A whole float in this range does not fit an int64 but is written with all its digits.
const UNSIGNED: std::ops::Range<f64> = 9_223_372_036_854_775_808.0..18_446_744_073_709_551_616.0;

/// Formats a whole float as Go does: the shortest digits that identify the float, then zeros. Rust's `Display` does the
/// same.
fn digits(value: f64) -> String {
    value.to_string()
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        let is_whole = value.fract() == 0.0 && !(value == 0.0 && value.is_sign_negative());
        let int = is_whole.then(|| integer::of_float(value).or_else(|| digits(value).parse().ok())).flatten();
        Self(int.map_or(Stored::Float(value), Stored::Int))
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(Stored::Int(value))
    }
}

impl From<i32> for Number {
    fn from(value: i32) -> Self {
        Self::from(i64::from(value))
    }
}

impl From<u32> for Number {
    fn from(value: u32) -> Self {
        Self::from(i64::from(value))
    }
}

impl From<Number> for f64 {
    fn from(number: Number) -> Self {
        number.as_f64()
    }
}

impl Default for Number {
    fn default() -> Self {
        Self(Stored::Int(0))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self.0, other.0) {
            (Stored::Int(this), Stored::Int(other)) => Some(this.cmp(&other)),
            // Conversion to f64 keeps the order. A float with a fraction is below 2^53, where integers convert exactly.
            // Any other float, except negative zero, is outside the range of i64.
            _ => self.as_f64().partial_cmp(&other.as_f64()),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Stored::Int(value) => value.fmt(f),
            Stored::Float(value) => value.fmt(f),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Stored::Int(value) => serializer.serialize_i64(value),
            Stored::Float(value) => match digits_in_range(value) {
                Some(whole) => serializer.serialize_u64(whole),
                None => serializer.serialize_f64(value),
            },
        }
    }
}

fn digits_in_range(value: f64) -> Option<u64> {
    UNSIGNED.contains(&value).then(|| digits(value).parse().ok()).flatten()
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Number, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Number, E> {
        Ok(i64::try_from(value).map_or_else(|_| Number(Stored::Float(value as f64)), Number::from))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Number, E> {
        Ok(value.into())
    }
}
