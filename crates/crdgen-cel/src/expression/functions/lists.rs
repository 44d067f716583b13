//! Functions of lists: Kubernetes' library, version 3 of cel-go's extension, and the sorting of `sortBy`.

use std::cmp::Ordering;

use super::declaration::Declaration;
use crate::expression::budget::{self, Budget};
use crate::expression::equal::{compare, equal, same};
use crate::expression::failure::{Failure, Result};
use crate::expression::list::List;
use crate::expression::operators::{self, Operator};
use crate::expression::value::Value;

pub(super) const FUNCTIONS: &[Declaration] = &[
    Declaration::member("isSorted", 1, is_sorted),
    Declaration::member("sum", 1, sum),
    Declaration::member("min", 1, |arguments, budget| extreme(arguments, budget, Ordering::is_gt)),
    Declaration::member("max", 1, |arguments, budget| extreme(arguments, budget, Ordering::is_lt)),
    Declaration::member("slice", 3, slice),
    Declaration::member("flatten", 1, |arguments, budget| flatten(&arguments[0], 1, budget)),
    Declaration::member("flatten", 2, |arguments, budget| flatten(&arguments[0], arguments[1].as_int()?, budget)),
    Declaration::member("sort", 1, |arguments, budget| {
        let list = arguments[0].as_list()?;
        sort_by_keys(list, &list.values(budget)?, budget)
    }),
    Declaration::member("reverse", 1, |arguments, budget| {
        budget.spend(budget::LIST)?;
        let mut values = arguments[0].as_list()?.values(budget)?;
        values.reverse();
        Ok(Value::list(values))
    }),
    Declaration::member("distinct", 1, distinct),
    Declaration::global("lists.range", 1, range),
];

/// End of a list where a search starts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    First,
    Last,
}

/// Evaluates `indexOf` and `lastIndexOf`. Returns -1 if no element is equal.
pub(super) fn position<'a>(list: &List<'a>, item: &Value<'a>, budget: &Budget, end: End) -> Result<Value<'a>> {
    let length = list.len();
    for step in 0..length {
        let index = if end == End::First { step } else { length - 1 - step };
        match list.get(index, budget).and_then(|value| equal(&value, item, budget)) {
            Ok(true) => return Ok(Value::Int(index as i64)),
            Ok(false) | Err(Failure::Error(_)) => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(Value::Int(-1))
}

fn is_sorted<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    let values = arguments[0].as_list()?.values(budget)?;
    for pair in values.windows(2) {
        if compare(&pair[0], &pair[1], budget)?.is_gt() {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}

fn sum<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    let mut values = arguments[0].as_list()?.values(budget)?.into_iter();
    let Some(first) = values.next() else { return Ok(Value::Zero) };
    if matches!(first, Value::String(_) | Value::Bytes(_) | Value::List(_) | Value::Timestamp(_)) {
        return Err(Failure::no_overload());
    }
    values.try_fold(first, |sum, value| operators::apply(Operator::Add, &sum, &value, budget))
}

fn extreme<'a>(arguments: &[Value<'a>], budget: &Budget, replaces: fn(Ordering) -> bool) -> Result<Value<'a>> {
    let mut values = arguments[0].as_list()?.values(budget)?.into_iter();
    let Some(mut best) = values.next() else { return Failure::error("the list is empty") };
    for value in values {
        if replaces(compare(&best, &value, budget)?) {
            best = value;
        }
    }
    Ok(best)
}

fn slice<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    let (list, start, end) = (arguments[0].as_list()?, arguments[1].as_int()?, arguments[2].as_int()?);
    if start < 0 || start > end || end > list.len() as i64 {
        return Failure::error("a slice is out of range");
    }
    Ok(Value::list((start as usize..end as usize).map(|index| list.element(index, budget)).collect::<Result<_>>()?))
}

fn flatten<'a>(list: &Value<'a>, depth: i64, budget: &Budget) -> Result<Value<'a>> {
    if depth < 0 {
        return Failure::error("a depth is negative");
    }
    let mut values = Vec::new();
    flatten_into(list.as_list()?, depth, &mut values, budget)?;
    Ok(Value::list(values))
}

fn flatten_into<'a>(list: &List<'a>, depth: i64, out: &mut Vec<Value<'a>>, budget: &Budget) -> Result<()> {
    budget.spend(list.len())?;
    for value in list.values(budget)? {
        match value {
            Value::List(inner) if depth > 0 => flatten_into(&inner, depth - 1, out, budget)?,
            value => out.push(value),
        }
    }
    Ok(())
}

fn distinct<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    let mut unique: Vec<Value<'a>> = Vec::new();
    let list = arguments[0].as_list()?;
    pay_for_comparing(list.len(), budget)?;
    for value in list.values(budget)? {
        let mut seen = false;
        for other in &unique {
            seen = match same(&value, other, budget) {
                Ok(same) => same,
                Err(Failure::Error(_)) => false,
                Err(problem) => return Err(problem),
            };
            if seen {
                break;
            }
        }
        if !seen {
            unique.push(value);
        }
    }
    Ok(Value::list(unique))
}

fn range<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    let length = arguments[0].as_int()?;
    budget.spend(usize::try_from(length).unwrap_or_default())?;
    Ok(Value::list((0..length).map(Value::Int).collect()))
}

/// Spends the server's price of a new list and of comparing every element with every other.
fn pay_for_comparing(elements: usize, budget: &Budget) -> Result<()> {
    let pairs = elements.saturating_mul(elements);
    budget.spend(budget::LIST.saturating_add(pairs.saturating_mul(2)).saturating_add(pairs / 10))
}

/// Sorts a list by keys. There is one key for each element.
pub(in crate::expression) fn sort_by_keys<'a>(
    list: &List<'a>,
    keys: &[Value<'a>],
    budget: &Budget,
) -> Result<Value<'a>> {
    let Some(first) = keys.first() else { return Ok(Value::List(list.clone())) };
    pay_for_comparing(keys.len(), budget)?;
    // A single key must have an order too.
    compare(first, first, budget)?;
    if keys.iter().any(|key| key.type_name() != first.type_name()) {
        return Failure::error("the keys have different types");
    }
    let mut order: Vec<usize> = (0..keys.len()).collect();
    let mut failed = None;
    order.sort_by(|left, right| {
        compare(&keys[*left], &keys[*right], budget).unwrap_or_else(|problem| {
            failed = Some(problem);
            Ordering::Equal
        })
    });
    match failed {
        Some(Failure::Error(_)) => Failure::unknown("keys without an order are sorted"),
        Some(problem) => Err(problem),
        // Go's sort is not stable from a dozen elements on: a server may order elements with equal keys differently.
        None => Ok(Value::list(order.into_iter().map(|index| list.element(index, budget)).collect::<Result<_>>()?)),
    }
}
