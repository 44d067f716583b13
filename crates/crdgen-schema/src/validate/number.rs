//! Ranges of numbers.
//!
//! Bounds are float64. Of an integer type they must themselves be integers, or every value is refused; an int64 is
//! compared with a bound cut to int64. Follows `numberValidator` of kube-openapi as of Kubernetes 1.36.

use std::fmt::Display;

use super::finding::{Failure, Findings};
use crate::number::{Number, is_int64, is_json_integer, truncated};
use crate::prepared::{Format, Kind, Prepared};
use crate::value_path::ValuePath;

pub(super) fn check(schema: &Prepared, value: Number, path: &ValuePath<'_>, out: &mut Findings) {
    let bounds = &schema.bounds;
    let range = Range::of(schema);
    range.check(value, "Checked", path, out);
    if let Some(factor) = bounds.multiple_of {
        let as_type = range.check(Number::Float(factor), "MultipleOf", path, out);
        multiple(cast(value, as_type), factor, path, out);
    }
    if let Some(most) = bounds.maximum {
        let as_type = range.check(Number::Float(most), "Maximum boundary", path, out);
        let is_above = match cast(value, as_type) {
            Number::Int(value) => exceeds(value, truncated(most), bounds.exclusive_maximum),
            Number::Float(value) => exceeds(value, most, bounds.exclusive_maximum),
        };
        if is_above {
            let relation = if bounds.exclusive_maximum { "less than" } else { "less than or equal to" };
            out.fail(|| Failure::invalid(path, shown(value), format!("should be {relation} {most}")));
        }
    }
    if let Some(least) = bounds.minimum {
        let as_type = range.check(Number::Float(least), "Minimum boundary", path, out);
        let is_below = match cast(value, as_type) {
            Number::Int(value) => exceeds(truncated(least), value, bounds.exclusive_minimum),
            Number::Float(value) => exceeds(least, value, bounds.exclusive_minimum),
        };
        if is_below {
            let relation = if bounds.exclusive_minimum { "greater than" } else { "greater than or equal to" };
            out.fail(|| Failure::invalid(path, shown(value), format!("should be {relation} {least}")));
        }
    }
    out.matched(2);
}

/// Whether a value is above a bound, or on one that does not belong to the range.
fn exceeds<T: PartialOrd>(value: T, bound: T, is_exclusive: bool) -> bool {
    value > bound || (is_exclusive && value >= bound)
}

/// Whether a bound is of the type of the values.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AsType {
    Yes,
    No,
}

/// With a bound of another type all is done in float64.
fn cast(value: Number, bound: AsType) -> Number {
    match bound {
        AsType::Yes => value,
        AsType::No => Number::Float(value.as_f64()),
    }
}

fn shown(value: Number) -> String {
    match value {
        Number::Int(value) => value.to_string(),
        Number::Float(value) => value.to_string(),
    }
}

/// What a type and format can hold.
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

    /// Whether a value or bound is in the range; if not, the cause names no field.
    fn check(self, value: Number, what: &str, path: &ValuePath<'_>, out: &mut Findings) -> AsType {
        if self.holds(value) {
            return AsType::Yes;
        }
        out.fail(|| Failure::without_field(format!("{what} value must be of type {self} in {}", path.dotted())));
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

fn multiple(value: Number, factor: f64, path: &ValuePath<'_>, out: &mut Findings) {
    let int_factor = truncated(factor);
    let (is_positive, is_multiple) = match value {
        Number::Int(value) => (int_factor > 0, int_factor > 0 && value % int_factor == 0),
        Number::Float(value) => {
            let times = if factor < 1.0 { 1.0 / factor * value } else { value / factor };
            (factor > 0.0, is_json_integer(times))
        }
    };
    if !is_positive {
        out.fail(|| {
            let message = format!("factor MultipleOf declared for {} must be positive: {factor}", path.dotted());
            Failure::worded(path, factor, message)
        });
    } else if !is_multiple {
        out.fail(|| Failure::invalid(path, shown(value), format!("should be a multiple of {factor}")));
    }
}
