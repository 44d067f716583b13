//! Declared variables of an expression, and their values.

use serde_json::Value as Json;

use super::budget::Budget;
use super::conversion::declared_value;
use super::failure::Result;
use super::list::Raw;
use super::types::Type;
use super::value::Value;

/// Variables that an expression can read, with their types.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: Vec<Variable>,
}

/// Declared variable.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) type_: Type,
    /// Whether the variable is an optional value of the type.
    pub(super) is_optional: bool,
}

impl Environment {
    /// Creates an environment without variables.
    pub fn new() -> Self {
        Self::default()
    }

    /// Declares a variable.
    #[must_use]
    pub fn variable(self, name: impl Into<String>, type_: Type) -> Self {
        self.with(Variable { name: name.into(), type_, is_optional: false })
    }

    /// Declares a variable of the type `optional_type`, such as `oldSelf` of a rule with `optionalOldSelf`.
    #[must_use]
    pub fn optional_variable(self, name: impl Into<String>, type_: Type) -> Self {
        self.with(Variable { name: name.into(), type_, is_optional: true })
    }

    fn with(mut self, variable: Variable) -> Self {
        self.variables.push(variable);
        self
    }

    pub(super) fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// Converts the values of the variables. A value that does not match its type fails only the expressions that read
    /// the variable.
    pub(super) fn values<'a>(&'a self, bindings: &Bindings<'a>, budget: &Budget) -> Vec<(&'a str, Result<Value<'a>>)> {
        let value = |variable: &'a Variable| {
            let value =
                bindings.get(&variable.name).map(|json| declared_value(&Raw::Json(json), &variable.type_, budget));
            let value = match variable.is_optional {
                true => Some(value.map_or(Ok(Value::NONE), |value| value.map(Value::some))),
                false => value,
            };
            Some((variable.name.as_str(), value?))
        };
        self.variables.iter().filter_map(value).collect()
    }
}

/// Values of variables for one evaluation.
///
/// An [optional variable](Environment::optional_variable) without a value is `optional.none()`. An expression that reads
/// any other variable without a value has no verdict.
#[derive(Clone, Debug, Default)]
pub struct Bindings<'a> {
    values: Vec<(&'a str, &'a Json)>,
}

impl<'a> Bindings<'a> {
    /// Creates bindings without values.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the value of a variable. `None` leaves the variable without a value.
    #[must_use]
    pub fn bind(mut self, name: &'a str, value: impl Into<Option<&'a Json>>) -> Self {
        self.values.extend(value.into().map(|value| (name, value)));
        self
    }

    fn get(&self, name: &str) -> Option<&'a Json> {
        self.values.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}
