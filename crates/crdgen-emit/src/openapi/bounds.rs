//! Bounds as keywords, as far as OpenAPI and its readers can carry them; the rest as data.

use crdgen_model::Bounds;
use openapiv3::{AnySchema, ArrayType, IntegerType, NumberType, ObjectType, StringType};
use serde_json::{Map, Value as Json};

use crate::pattern;

/// Constraints that the schema types of OpenAPI cannot express. They are written to `x-crdgen-validation`,
/// and patterns of Go to `x-crdgen-pattern`.
#[derive(Debug, Default)]
pub struct Remainder {
    /// Keywords with their values.
    pub validation: Map<String, Json>,
    /// A pattern that ECMA-262 does not know.
    pub pattern: Option<String>,
}

impl Remainder {
    /// Bounds of a string.
    pub fn string(&mut self, bounds: &Bounds) -> StringType {
        StringType {
            pattern: self.pattern(bounds),
            min_length: count(bounds.min_length),
            max_length: count(bounds.max_length),
            ..StringType::default()
        }
    }

    /// Bounds of an integer. The server compares float64; what is no int64 stays data.
    pub fn integer(&mut self, bounds: &Bounds) -> IntegerType {
        let minimum = self.int64("minimum", bounds.minimum);
        let maximum = self.int64("maximum", bounds.maximum);
        IntegerType {
            exclusive_minimum: bounds.exclusive_minimum && minimum.is_some(),
            exclusive_maximum: bounds.exclusive_maximum && maximum.is_some(),
            minimum,
            maximum,
            multiple_of: bounds.multiple_of.and_then(|factor| self.factor(factor)).and_then(int64),
            ..IntegerType::default()
        }
    }

    /// Bounds of a number.
    pub fn number(&mut self, bounds: &Bounds) -> NumberType {
        NumberType {
            exclusive_minimum: bounds.exclusive_minimum && bounds.minimum.is_some(),
            exclusive_maximum: bounds.exclusive_maximum && bounds.maximum.is_some(),
            minimum: bounds.minimum,
            maximum: bounds.maximum,
            multiple_of: bounds.multiple_of.and_then(|factor| self.factor(factor)),
            ..NumberType::default()
        }
    }

    /// Bounds of a list.
    pub fn array(bounds: &Bounds) -> ArrayType {
        ArrayType {
            items: None,
            min_items: count(bounds.min_items),
            max_items: count(bounds.max_items),
            unique_items: false,
        }
    }

    /// Bounds of a map.
    pub fn object(bounds: &Bounds) -> ObjectType {
        ObjectType {
            min_properties: count(bounds.min_properties),
            max_properties: count(bounds.max_properties),
            ..ObjectType::default()
        }
    }

    /// Bounds beside a reference, where the keywords of every type may stand.
    pub fn any(&mut self, bounds: &Bounds) -> AnySchema {
        AnySchema {
            pattern: self.pattern(bounds),
            min_length: count(bounds.min_length),
            max_length: count(bounds.max_length),
            minimum: bounds.minimum,
            maximum: bounds.maximum,
            exclusive_minimum: (bounds.exclusive_minimum && bounds.minimum.is_some()).then_some(true),
            exclusive_maximum: (bounds.exclusive_maximum && bounds.maximum.is_some()).then_some(true),
            multiple_of: bounds.multiple_of.and_then(|factor| self.factor(factor)),
            min_items: count(bounds.min_items),
            max_items: count(bounds.max_items),
            min_properties: count(bounds.min_properties),
            max_properties: count(bounds.max_properties),
            ..AnySchema::default()
        }
    }

    fn pattern(&mut self, bounds: &Bounds) -> Option<String> {
        let pattern = bounds.pattern.as_deref()?;
        let portable = pattern::portable(pattern);
        if portable.is_none() {
            self.pattern = Some(pattern.to_owned());
        }
        portable
    }

    fn int64(&mut self, keyword: &str, bound: Option<f64>) -> Option<i64> {
        let bound = bound?;
        let exact = int64(bound);
        if exact.is_none() {
            self.validation.insert(keyword.to_owned(), bound.into());
        }
        exact
    }

    /// OpenAPI wants factors above zero.
    fn factor(&mut self, factor: f64) -> Option<f64> {
        if factor > 0.0 {
            return Some(factor);
        }
        self.validation.insert("multipleOf".to_owned(), factor.into());
        None
    }
}

/// A count; the server takes a negative one for no bound at all.
pub(crate) fn count(bound: Option<i64>) -> Option<usize> {
    bound.and_then(|bound| usize::try_from(bound).ok())
}

/// The integer that a float64 is, if it is one of int64.
pub(crate) fn int64(bound: f64) -> Option<i64> {
    // 2^63 is the first float64 beyond int64, and the cast would give another number for it.
    let fits = bound.fract() == 0.0 && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&bound);
    fits.then_some(bound as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_beyond_int64_are_data() {
        let bounds = Bounds { minimum: Some(1.5), maximum: Some(9_223_372_036_854_775_807.0), ..Bounds::default() };
        let mut rest = Remainder::default();
        let schema = rest.integer(&bounds);
        assert_eq!((schema.minimum, schema.maximum), (None, None));
        assert_eq!(rest.validation.keys().collect::<Vec<_>>(), ["minimum", "maximum"]);
    }

    #[test]
    fn what_openapi_forbids_is_left_out() {
        let bounds =
            Bounds { min_length: Some(-1), multiple_of: Some(0.0), exclusive_minimum: true, ..Bounds::default() };
        let mut rest = Remainder::default();
        assert_eq!(rest.string(&bounds).min_length, None);
        let number = rest.number(&bounds);
        assert_eq!((number.multiple_of, number.exclusive_minimum), (None, false));
        assert_eq!(rest.validation["multipleOf"], 0.0);
    }
}
