//! Functions of lists as sets.

use super::declaration::Declaration;
use crate::expression::budget::Budget;
use crate::expression::equal::list_has;
use crate::expression::failure::{Failure, Result};
use crate::expression::list::List;
use crate::expression::value::Value;

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

/// Spends the server's price of comparing every element with every other.
fn pay(left: &List<'_>, right: &List<'_>, budget: &Budget) -> Result<()> {
    budget.spend(left.len().saturating_mul(right.len()))
}

fn contains<'a>(list: &List<'a>, part: &List<'a>, budget: &Budget) -> Result<bool> {
    pay(list, part, budget)?;
    for value in part.iter(budget) {
        if !list_has(list, &value?, budget)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn intersects<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    let (left, right) = (arguments[0].as_list()?, arguments[1].as_list()?);
    pay(left, right, budget)?;
    for value in left.iter(budget) {
        match list_has(right, &value?, budget) {
            Ok(true) => return Ok(Value::Bool(true)),
            // Values that cannot be compared are unequal.
            Ok(false) | Err(Failure::Error(_)) => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(Value::Bool(false))
}
