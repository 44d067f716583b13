//! Functions of quantities such as `1.5Gi`. The comparisons also accept semantic versions.

use std::cmp::Ordering;

use super::declaration::Declaration;
use crate::expression::budget::Budget;
use crate::expression::failure::{Failure, Result};
use crate::expression::quantity::Quantity;
use crate::expression::value::Value;

pub(super) const FUNCTIONS: &[Declaration] = &[
    Declaration::global("quantity", 1, |arguments, _| Ok(Value::Quantity(Quantity::parse(arguments[0].as_str()?)?))),
    Declaration::global("isQuantity", 1, |arguments, _| match Quantity::parse(arguments[0].as_str()?) {
        Ok(_) => Ok(Value::Bool(true)),
        Err(Failure::Error(_)) => Ok(Value::Bool(false)),
        Err(problem) => Err(problem),
    }),
    Declaration::global("sign", 1, |arguments, _| Ok(Value::Int(quantity(&arguments[0])?.sign()))),
    Declaration::member("isInteger", 1, |arguments, _| {
        Ok(Value::Bool(quantity(&arguments[0])?.as_integer().is_some()))
    }),
    Declaration::member("asInteger", 1, |arguments, _| match quantity(&arguments[0])?.as_integer() {
        Some(value) => Ok(Value::Int(value)),
        None => Failure::error("a quantity is no integer"),
    }),
    Declaration::member("asApproximateFloat", 1, |arguments, _| {
        Ok(Value::Double(quantity(&arguments[0])?.approximately()))
    }),
    Declaration::member("add", 2, |arguments, _| {
        Ok(Value::Quantity(quantity(&arguments[0])?.plus(&operand(&arguments[1])?)?))
    }),
    Declaration::member("sub", 2, |arguments, _| {
        Ok(Value::Quantity(quantity(&arguments[0])?.plus(&operand(&arguments[1])?.negated()?)?))
    }),
    Declaration::member("isGreaterThan", 2, |arguments, _| Ok(Value::Bool(order(arguments)?.is_gt()))),
    Declaration::member("isLessThan", 2, |arguments, _| Ok(Value::Bool(order(arguments)?.is_lt()))),
    Declaration::member("compareTo", 2, compare_to),
];

fn quantity<'v>(value: &'v Value<'_>) -> Result<&'v Quantity> {
    match value {
        Value::Quantity(quantity) => Ok(quantity),
        _ => Err(Failure::no_overload()),
    }
}

fn operand(value: &Value<'_>) -> Result<Quantity> {
    match value {
        Value::Int(value) => Ok(Quantity::whole(*value)),
        value => quantity(value).cloned(),
    }
}

fn order(arguments: &[Value<'_>]) -> Result<Ordering> {
    match (&arguments[0], &arguments[1]) {
        (Value::Quantity(left), Value::Quantity(right)) => left.compare(right),
        (Value::Semver(left), Value::Semver(right)) => Ok(left.cmp_precedence(right)),
        _ => Err(Failure::no_overload()),
    }
}

fn compare_to<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    Ok(Value::Int(order(arguments)? as i64))
}
