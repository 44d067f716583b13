//! Binary operators and negations.

use std::cmp::Ordering;

use super::budget::Budget;
use super::equal::{compare, equal, list_contains};
use super::failure::{Failure, Result};
use super::value::Value;

/// Binary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// Evaluates `left operator right`.
pub(super) fn apply<'a>(operator: Operator, left: &Value<'a>, right: &Value<'a>, budget: &Budget) -> Result<Value<'a>> {
    let (left, right) = (left.beside(right), right.beside(left));
    let (left, right) = (left.as_ref(), right.as_ref());
    let order = |wanted: fn(Ordering) -> bool| Ok(Value::Bool(wanted(compare(left, right, budget)?)));
    match operator {
        Operator::Equal => equal(left, right, budget).map(Value::Bool),
        // Values that cannot be compared are unequal for `!=`, while `==` fails.
        Operator::NotEqual => match equal(left, right, budget) {
            Err(Failure::Error(_)) => Ok(Value::Bool(true)),
            other => Ok(Value::Bool(!other?)),
        },
        Operator::Less => order(Ordering::is_lt),
        Operator::LessEqual => order(Ordering::is_le),
        Operator::Greater => order(Ordering::is_gt),
        Operator::GreaterEqual => order(Ordering::is_ge),
        Operator::In => contains(left, right, budget).map(Value::Bool),
        Operator::Add => add(left, right, budget),
        Operator::Subtract => subtract(left, right),
        Operator::Multiply => multiply(left, right),
        Operator::Divide => divide(left, right),
        Operator::Remainder => remainder(left, right),
    }
}

/// Evaluates `!value`.
pub(super) fn not<'a>(value: &Value<'a>) -> Result<Value<'a>> {
    value.as_bool().map(|value| Value::Bool(!value))
}

/// Evaluates `-value`.
pub(super) fn negate<'a>(value: &Value<'a>) -> Result<Value<'a>> {
    match value {
        Value::Int(value) => value.checked_neg().map(Value::Int).ok_or_else(overflow),
        Value::Double(value) => Ok(Value::Double(-value)),
        _ => Err(Failure::no_overload()),
    }
}

fn overflow() -> Failure {
    Failure::Error("overflow".into())
}

fn contains<'a>(item: &Value<'a>, of: &Value<'a>, budget: &Budget) -> Result<bool> {
    match of {
        Value::List(list) => list_contains(list, item, budget),
        Value::Map(map) if map.is_object() => Failure::error("an object is no map"),
        Value::Map(map) => Ok(map.find(item, budget)?.is_some()),
        _ => Err(Failure::no_overload()),
    }
}

fn add<'a>(left: &Value<'a>, right: &Value<'a>, budget: &Budget) -> Result<Value<'a>> {
    left.pay_for_reading(budget)?;
    right.pay_for_reading(budget)?;
    let sum = match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.checked_add(*right).map(Value::Int),
        (Value::Uint(left), Value::Uint(right)) => left.checked_add(*right).map(Value::Uint),
        (Value::Double(left), Value::Double(right)) => Some(Value::Double(left + right)),
        (Value::String(left), Value::String(right)) => Some(Value::text([&**left, &**right].concat())),
        (Value::Bytes(left), Value::Bytes(right)) => Some(Value::Bytes([&**left, &**right].concat().into())),
        (Value::Duration(left), Value::Duration(right)) => left.checked_add(*right).map(Value::Duration),
        (Value::Timestamp(time), Value::Duration(by)) | (Value::Duration(by), Value::Timestamp(time)) => {
            time.plus(*by).map(Value::Timestamp)
        }
        (Value::List(left), Value::List(right)) => Some(Value::List(left.join(right, budget)?)),
        _ => return Err(Failure::no_overload()),
    };
    sum.ok_or_else(overflow)
}

fn subtract<'a>(left: &Value<'a>, right: &Value<'a>) -> Result<Value<'a>> {
    let difference = match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.checked_sub(*right).map(Value::Int),
        (Value::Uint(left), Value::Uint(right)) => left.checked_sub(*right).map(Value::Uint),
        (Value::Double(left), Value::Double(right)) => Some(Value::Double(left - right)),
        (Value::Duration(left), Value::Duration(right)) => left.checked_sub(*right).map(Value::Duration),
        (Value::Timestamp(time), Value::Duration(by)) => {
            by.checked_neg().and_then(|by| time.plus(by)).map(Value::Timestamp)
        }
        (Value::Timestamp(left), Value::Timestamp(right)) => left.since(right).map(Value::Duration),
        _ => return Err(Failure::no_overload()),
    };
    difference.ok_or_else(overflow)
}

fn multiply<'a>(left: &Value<'a>, right: &Value<'a>) -> Result<Value<'a>> {
    let product = match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.checked_mul(*right).map(Value::Int),
        (Value::Uint(left), Value::Uint(right)) => left.checked_mul(*right).map(Value::Uint),
        (Value::Double(left), Value::Double(right)) => Some(Value::Double(left * right)),
        _ => return Err(Failure::no_overload()),
    };
    product.ok_or_else(overflow)
}

fn divide<'a>(left: &Value<'a>, right: &Value<'a>) -> Result<Value<'a>> {
    // `None` means overflow or division by zero.
    let quotient = match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.checked_div(*right).map(Value::Int),
        (Value::Uint(left), Value::Uint(right)) => left.checked_div(*right).map(Value::Uint),
        (Value::Double(left), Value::Double(right)) => Some(Value::Double(left / right)),
        _ => return Err(Failure::no_overload()),
    };
    quotient.ok_or_else(overflow)
}

fn remainder<'a>(left: &Value<'a>, right: &Value<'a>) -> Result<Value<'a>> {
    let rest = match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.checked_rem(*right).map(Value::Int),
        (Value::Uint(left), Value::Uint(right)) => left.checked_rem(*right).map(Value::Uint),
        _ => return Err(Failure::no_overload()),
    };
    rest.ok_or_else(overflow)
}
