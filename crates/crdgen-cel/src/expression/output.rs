//! Results of expressions.

use super::value::Value;

/// Value of an evaluated expression.
#[derive(Clone, Debug)]
pub struct Output<'a>(pub(super) Value<'a>);

impl Output<'_> {
    /// Returns the value of a `bool`.
    pub fn as_bool(&self) -> Option<bool> {
        self.0.as_bool().ok()
    }

    /// Returns the value of an `int`.
    pub fn as_int(&self) -> Option<i64> {
        self.0.as_int().ok()
    }

    /// Returns the value of a `double`.
    pub fn as_double(&self) -> Option<f64> {
        match self.0 {
            Value::Double(value) => Some(value),
            _ => None,
        }
    }

    /// Returns the value of a `string`.
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_str().ok()
    }

    /// Returns the name of the type, for example `int`, `list` or `google.protobuf.Duration`.
    pub fn type_name(&self) -> &'static str {
        self.0.type_name().0
    }
}
