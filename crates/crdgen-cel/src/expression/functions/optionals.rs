//! Functions of optional values. `or` and `orValue` are expressions instead, since their argument is evaluated lazily.

use super::declaration::Declaration;
use crate::expression::budget::Budget;
use crate::expression::failure::{Failure, Result};
use crate::expression::value::Value;

pub(super) const FUNCTIONS: &[Declaration] = &[
    Declaration::global("optional.none", 0, |_, _| Ok(Value::NONE)),
    Declaration::global("optional.of", 1, |arguments, _| Ok(Value::some(arguments[0].clone()))).unpriced(),
    Declaration::global("optional.ofNonZeroValue", 1, |arguments, _| {
        Ok(if arguments[0].is_zero() { Value::NONE } else { Value::some(arguments[0].clone()) })
    })
    .unpriced(),
    Declaration::global("optional.unwrap", 1, unwrap),
    Declaration::member("unwrapOpt", 1, unwrap),
    Declaration::member("value", 1, |arguments, _| match &arguments[0] {
        Value::Optional(Some(value)) => Ok(value.as_ref().clone()),
        Value::Optional(None) => Failure::error("optional.none() has no value"),
        _ => Err(Failure::no_overload()),
    }),
    Declaration::member("hasValue", 1, |arguments, _| match &arguments[0] {
        Value::Optional(value) => Ok(Value::Bool(value.is_some())),
        _ => Err(Failure::no_overload()),
    }),
    Declaration::member("first", 1, |arguments, budget| {
        let list = arguments[0].as_list()?;
        Ok(if list.len() == 0 { Value::NONE } else { Value::some(list.element(0, budget)?) })
    })
    .unpriced(),
    Declaration::member("last", 1, |arguments, budget| {
        let list = arguments[0].as_list()?;
        Ok(if list.len() == 0 { Value::NONE } else { Value::some(list.element(list.len() - 1, budget)?) })
    })
    .unpriced(),
];

fn unwrap<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    let mut values = Vec::new();
    for value in arguments[0].as_list()?.iter(budget) {
        match value? {
            Value::Optional(value) => values.extend(value.map(|value| value.as_ref().clone())),
            _ => return Failure::error("a value is not optional"),
        }
    }
    Ok(Value::list(values))
}
