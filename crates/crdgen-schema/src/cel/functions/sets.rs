//! Lists as sets.

use super::Declaration;
use crate::cel::budget::Budget;
use crate::cel::failure::{Failure, Result};
use crate::cel::list::List;
use crate::cel::value::Value;

pub(super) const FUNCTIONS: &[Declaration] = &[
    Declaration::global("sets.contains", 2, |arguments, budget| {
        contains(arguments[0].as_list()?, arguments[1].as_list()?, budget).map(Value::Bool)
    }),
    Declaration::global("sets.equivalent", 2, |arguments, budget| {
        let (left, right) = (arguments[0].as_list()?, arguments[1].as_list()?);
        Ok(Value::Bool(contains(left, right, budget)? && contains(right, left, budget)?))
    }),
    Declaration::global("sets.intersects", 2, intersects),
];

fn contains<'a>(list: &List<'a>, part: &List<'a>, budget: &Budget) -> Result<bool> {
    for value in part.iter() {
        if !list.contains(&value?, budget)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn intersects<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    let (left, right) = (arguments[0].as_list()?, arguments[1].as_list()?);
    for value in left.iter() {
        match right.contains(&value?, budget) {
            Ok(true) => return Ok(Value::Bool(true)),
            // What cannot be compared is no match.
            Ok(false) | Err(Failure::Error(_)) => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(Value::Bool(false))
}
