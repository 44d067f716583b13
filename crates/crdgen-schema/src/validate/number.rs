//! Ranges of numbers.
//!
//! Bounds are float64. Bounds of an integer type must be integers themselves, or every value is refused. An int64 is
//! compared with the bound truncated to int64. Follows `numberValidator` of kube-openapi as of Kubernetes 1.36.

use std::fmt::Display;

use super::finding::{Failure, Findings};
use crate::number::{Number, is_int64, is_json_integer, truncated};
use crate::prepared::{Format, Kind, Prepared};
use crate::value_path::ValuePath;

pub(super) fn check(schema: &Prepared, value: Number, path: &ValuePath<'_>, out: &mut Findings<'_>) {
    let bounds = &schema.bounds;
    let range = Range::of(schema);
    range.check(value, "Checked", path, out);
    if let Some(factor) = bounds.multiple_of {
        let as_type = range.check(Number::Float(factor), "MultipleOf", path, out);
        Pair::of(value, factor, as_type).check_multiple(path, out);
    }
    if let Some(most) = bounds.maximum {
        let as_type = range.check(Number::Float(most), "Maximum boundary", path, out);
        let pair = Pair::of(value, most, as_type);
        if pair.value_exceeds(bounds.exclusive_maximum) {
            let relation = if bounds.exclusive_maximum { "less than" } else { "less than or equal to" };
            out.fail(|| pair.failure(relation, path));
        }
    }
    if let Some(least) = bounds.minimum {
        let as_type = range.check(Number::Float(least), "Minimum boundary", path, out);
        let pair = Pair::of(value, least, as_type);
        if pair.bound_exceeds(bounds.exclusive_minimum) {
            let relation = if bounds.exclusive_minimum { "greater than" } else { "greater than or equal to" };
            out.fail(|| pair.failure(relation, path));
        }
    }
    out.matched(2);
}

/// Whether a bound is within the type of the values.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AsType {
    Yes,
    No,
}

/// Value and bound, both of one Go type.
#[derive(Clone, Copy)]
enum Pair {
    Ints { value: i64, bound: i64 },
    Floats { value: f64, bound: f64 },
}

impl Pair {
    /// Pairs a value with a bound. An int64 is compared as int64, unless the bound is not within the schema's type.
    fn of(value: Number, bound: f64, as_type: AsType) -> Self {
        match (value, as_type) {
            (Number::Int(value), AsType::Yes) => Self::Ints { value, bound: truncated(bound) },
            _ => Self::Floats { value: value.as_f64(), bound },
        }
    }

    /// Returns whether the value is above the bound, or equal to an exclusive bound.
    fn value_exceeds(self, is_exclusive: bool) -> bool {
        match self {
            Self::Ints { value, bound } => value > bound || (is_exclusive && value == bound),
            Self::Floats { value, bound } => value > bound || (is_exclusive && value == bound),
        }
    }

    fn bound_exceeds(self, is_exclusive: bool) -> bool {
        match self {
            Self::Ints { value, bound } => Self::Ints { value: bound, bound: value }.value_exceeds(is_exclusive),
            Self::Floats { value, bound } => Self::Floats { value: bound, bound: value }.value_exceeds(is_exclusive),
        }
    }

    fn check_multiple(self, path: &ValuePath<'_>, out: &mut Findings<'_>) {
        let (is_positive, is_multiple) = match self {
            Self::Ints { value, bound } => (bound > 0, bound > 0 && value % bound == 0),
            Self::Floats { value, bound } => {
                let times = if bound < 1.0 { 1.0 / bound * value } else { value / bound };
                (bound > 0.0, is_json_integer(times))
            }
        };
        if !is_positive {
            out.fail(|| {
                let (_, factor) = self.shown();
                let message = format!("factor MultipleOf declared for {} must be positive: {factor}", path.dotted());
                Failure::worded(path, factor, message)
            });
        } else if !is_multiple {
            out.fail(|| self.failure("a multiple of", path));
        }
    }

    fn failure(self, relation: &str, path: &ValuePath<'_>) -> Failure {
        let (value, bound) = self.shown();
        Failure::invalid(path, value, format!("should be {relation} {bound}"))
    }

    fn shown(self) -> (String, String) {
        match self {
            Self::Ints { value, bound } => (value.to_string(), bound.to_string()),
            Self::Floats { value, bound } => (value.to_string(), bound.to_string()),
        }
    }
}

/// Range of a type and format.
#[derive(Clone, Copy)]
enum Range {
    Int32,
    Int64 { is_named: bool },
    Float32,
    Any,
}

impl Range {
    fn of(schema: &Prepared) -> Self {
        match (schema.types.only(), &schema.format) {
            (Some(Kind::Integer), Some(Format::Int32)) => Self::Int32,
            (Some(Kind::Integer), format) => Self::Int64 { is_named: matches!(format, Some(Format::Int64)) },
            (Some(Kind::Number), Some(Format::Float)) => Self::Float32,
            _ => Self::Any,
        }
    }

    fn holds(self, value: Number) -> bool {
        match (self, value) {
            (Self::Any, _) | (Self::Int64 { .. }, Number::Int(_)) => true,
            (Self::Int32, Number::Int(value)) => i32::try_from(value).is_ok(),
            (Self::Int32, Number::Float(value)) => value.fract() == 0.0 && i32::try_from(truncated(value)).is_ok(),
            (Self::Int64 { .. }, Number::Float(value)) => value.fract() == 0.0 && is_int64(value),
            (Self::Float32, value) => (value.as_f64() as f32).is_finite(),
        }
    }

    /// Checks whether a value or bound is within the range. If not, the failure names no field.
    fn check(self, value: Number, what: &str, path: &ValuePath<'_>, out: &mut Findings<'_>) -> AsType {
        if self.holds(value) {
            return AsType::Yes;
        }
        out.fail(|| Failure::without_field(path, format!("{what} value must be of type {self} in {}", path.dotted())));
        AsType::No
    }
}

impl Display for Range {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Int32 => "integer with format int32",
            Self::Int64 { is_named: true } => "integer with format int64",
            Self::Int64 { is_named: false } => "integer (default format)",
            Self::Float32 => "number with format float",
            Self::Any => "number (default format)",
        })
    }
}
