//! Functions of standard CEL: `size`, `type`, `dyn`, and string tests.

use super::declaration::Declaration;
use crate::expression::budget::Budget;
use crate::expression::failure::{Failure, Result};
use crate::expression::value::Value;

pub(super) const FUNCTIONS: &[Declaration] = &[
    Declaration::global("size", 1, size).unpriced(),
    Declaration::member("size", 1, size).unpriced(),
    Declaration::global("type", 1, |arguments, _| Ok(Value::Type(arguments[0].type_name()))).unpriced(),
    Declaration::global("dyn", 1, |arguments, _| Ok(arguments[0].clone())).unpriced(),
    Declaration::member("contains", 2, contains),
    Declaration::member("startsWith", 2, |arguments, _| test(arguments, |text, part| text.starts_with(part))),
    Declaration::member("endsWith", 2, |arguments, _| test(arguments, |text, part| text.ends_with(part))),
];

fn size<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    let size = match &arguments[0] {
        Value::String(text) => {
            budget.spend_on_text(text.len())?;
            text.chars().count()
        }
        Value::Bytes(bytes) => bytes.len(),
        Value::List(list) => list.len(),
        Value::Map(map) if map.is_object() => return Failure::unknown("an object has no size"),
        Value::Map(map) => map.len(),
        _ => return Err(Failure::no_overload()),
    };
    Ok(Value::Int(size as i64))
}

fn test<'a>(arguments: &[Value<'a>], holds: impl Fn(&str, &str) -> bool) -> Result<Value<'a>> {
    Ok(Value::Bool(holds(arguments[0].as_str()?, arguments[1].as_str()?)))
}

/// Returns whether a text contains another. The price is the server's, which assumes that each character of one text is
/// compared with each of the other.
fn contains<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    let (text, part) = (arguments[0].as_str()?, arguments[1].as_str()?);
    budget.spend(text.len().div_ceil(10).saturating_mul(part.len().div_ceil(10)))?;
    Ok(Value::Bool(text.contains(part)))
}
