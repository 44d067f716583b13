//! Integers as the API server reads them: `1.0` and `1e2` are integers too, and are stored as `1` and `100`.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use crate::Map;

/// `2^53 - 1`. Up to this magnitude a float without a fraction is exactly the integer that was written.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// Converts a float to the integer that it equals. Returns `None` for a fraction or a magnitude above `2^53 - 1`.
pub(crate) fn of_float(value: f64) -> Option<i64> {
    // Lossless: there is no fraction, and the value is far from the bounds of i64.
    (value.fract() == 0.0 && value.abs() <= MAX_SAFE_INTEGER).then_some(value as i64)
}

/// Integer, or a list, map or option of integers.
pub trait Integers: Sized {
    /// Reads the integers. A number without a fraction is an integer in any notation.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// Reads integers, including those written as floats. For use with `#[serde(deserialize_with)]`.
pub fn read<'de, D: Deserializer<'de>, T: Integers>(deserializer: D) -> Result<T, D::Error> {
    T::read(deserializer)
}

/// Reads integers as [`read`] does, for an optional nullable field: null is `Some(None)`. See
/// [`present`](crate::present).
pub fn present<'de, D: Deserializer<'de>, T: Integers>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::read(deserializer).map(Some)
}

/// Seed that reads [`Integers`].
pub(crate) struct IntegersSeed<T>(PhantomData<T>);

impl<T> IntegersSeed<T> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Integers> DeserializeSeed<'de> for IntegersSeed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer)
    }
}

impl Integers for i64 {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Some formats refuse a float when they are asked for an integer.
        deserializer.deserialize_any(IntegerVisitor)
    }
}

impl Integers for i32 {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = i64::read(deserializer)?;
        Self::try_from(value).map_err(|_| D::Error::invalid_value(Unexpected::Signed(value), &"a 32-bit integer"))
    }
}

impl<T: Integers> Integers for Option<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<Element<T>>::deserialize(deserializer)?.map(|element| element.0))
    }
}

impl<T: Integers> Integers for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Element<T>>::deserialize(deserializer)?.into_iter().map(|element| element.0).collect())
    }
}

impl<T: Integers> Integers for Map<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Map::<Element<T>>::deserialize(deserializer)?.into_iter().map(|(key, element)| (key, element.0)).collect())
    }
}

/// Element of a list, map or option of integers.
struct Element<T>(T);

impl<'de, T: Integers> Deserialize<'de> for Element<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self)
    }
}

struct IntegerVisitor;

impl Visitor<'_> for IntegerVisitor {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a 64-bit integer")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<i64, E> {
        Ok(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<i64, E> {
        i64::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<i64, E> {
        of_float(value).ok_or_else(|| E::invalid_value(Unexpected::Float(value), &self))
    }
}
