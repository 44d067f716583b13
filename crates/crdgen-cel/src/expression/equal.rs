//! Equality and order of values, and the search for an equal element.
//!
//! Numbers of different types are comparable. Lists and objects of the custom resource compare by their schema: a set
//! has no order, and items of a list of type map are found by their keys.

use std::cmp::Ordering;

use super::budget::Budget;
use super::failure::{Failure, Result};
use super::list::{List, Raw, TypedList, not_hashable};
use super::map::{Map, TypedMap};
use super::shared::Text;
use super::types::{Kind, ListKind};
use super::value::Value;

/// Evaluates `left == right`.
pub(super) fn equal<'a>(left: &Value<'a>, right: &Value<'a>, budget: &Budget) -> Result<bool> {
    budget.spend(1)?;
    same(left, right, budget)
}

/// Evaluates `left == right` for values whose price is paid. Spends the price of their content.
pub(super) fn same<'a>(left: &Value<'a>, right: &Value<'a>, budget: &Budget) -> Result<bool> {
    if let (Some(left), Some(right)) = (Number::of(left), Number::of(right)) {
        return Ok(left.compare(right) == Some(Ordering::Equal));
    }
    Ok(match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::Null, _) | (_, Value::Null) => false,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::String(left), Value::String(right)) => {
            budget.spend_on_text(left.len().min(right.len()))?;
            left == right
        }
        (Value::Bytes(left), Value::Bytes(right)) => {
            budget.spend_on_text(left.len().min(right.len()))?;
            left == right
        }
        (Value::Duration(left), Value::Duration(right)) => left == right,
        (Value::Zero, Value::Duration(other)) | (Value::Duration(other), Value::Zero) => *other == 0,
        (Value::Timestamp(left), Value::Timestamp(right)) => left.instant() == right.instant(),
        (Value::Type(left), Value::Type(right)) => left == right,
        (Value::Optional(left), Value::Optional(right)) => match (left, right) {
            (Some(left), Some(right)) => equal(left, right, budget)?,
            (left, right) => left.is_none() && right.is_none(),
        },
        (Value::List(List::Typed(left)), Value::List(right)) => equal_typed_list(left, right, budget)?,
        (Value::List(left), Value::List(right)) => equal_list(left, right, budget)?,
        (Value::Map(Map::Typed(left)), Value::Map(right)) => equal_typed_map(left, right, budget)?,
        (Value::Map(left), Value::Map(right)) => equal_map(left, right, budget)?,
        (Value::Quantity(left), Value::Quantity(right)) => left.compare(right)? == Ordering::Equal,
        (Value::Semver(left), Value::Semver(other)) => {
            right.pay_for_reading(budget)?;
            left.cmp_precedence(other) == Ordering::Equal
        }
        (Value::Ip(left), Value::Ip(right)) => left == right,
        (Value::Cidr(left), Value::Cidr(right)) => left == right,
        (Value::Url(left), Value::Url(other)) => {
            right.pay_for_reading(budget)?;
            left.text() == other.text()
        }
        (Value::Format(left), Value::Format(right)) => left == right,
        (Value::Opaque(json), other) => Raw::Json(json).identity(budget)? == Raw::of(other).identity(budget)?,
        // These types fail when they are compared with another type. Values of all other types are just unequal.
        (
            Value::List(List::Typed(_))
            | Value::Map(Map::Typed(_))
            | Value::Quantity(_)
            | Value::Semver(_)
            | Value::Ip(_)
            | Value::Cidr(_)
            | Value::Url(_)
            | Value::Format(_),
            _,
        ) => return Err(Failure::no_overload()),
        _ => false,
    })
}

/// Compares a value with one that may have failed to convert. A failed value is unequal to most values; lists and maps
/// of the custom resource return its failure.
fn equal_found<'a>(left: &Value<'a>, right: Result<Value<'a>>, budget: &Budget) -> Result<bool> {
    match (left, right) {
        (_, Ok(right)) => equal(left, &right, budget),
        (_, Err(Failure::Exhausted)) => Err(Failure::Exhausted),
        (Value::List(List::Typed(_)) | Value::Map(Map::Typed(_)), Err(problem)) => Err(problem),
        (_, Err(Failure::Error(_))) => Ok(false),
        (_, Err(problem)) => Err(problem),
    }
}

fn equal_list<'a>(left: &List<'a>, right: &List<'a>, budget: &Budget) -> Result<bool> {
    if left.len() != right.len() {
        return Ok(false);
    }
    let mut failed = None;
    for (left, right) in left.iter(budget).zip(right.iter(budget)) {
        match left.and_then(|left| equal_found(&left, right, budget)) {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(Failure::Exhausted) => return Err(Failure::Exhausted),
            Err(problem) => failed = failed.or(Some(problem)),
        }
    }
    failed.map_or(Ok(true), Err)
}

fn equal_typed_list<'a>(left: &TypedList<'a>, right: &List<'a>, budget: &Budget) -> Result<bool> {
    if left.len() != right.len() {
        return Ok(false);
    }
    match left.kind {
        ListKind::Atomic => equal_in_order(left, right, budget),
        ListKind::Set => equal_sets(left, right, budget),
        ListKind::Map(_) => equal_by_key(left, right, budget),
    }
}

fn equal_in_order<'a>(left: &TypedList<'a>, right: &List<'a>, budget: &Budget) -> Result<bool> {
    for (index, other) in right.iter(budget).enumerate() {
        if !equal_found(&left.get(index, budget)?, other, budget)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn equal_sets<'a>(left: &TypedList<'a>, right: &List<'a>, budget: &Budget) -> Result<bool> {
    budget.spend(left.len())?;
    if !left.raws().all(|item| item.is_hashable()) {
        return Err(not_hashable());
    }
    let members = left.places(budget)?;
    for other in right.iter(budget) {
        let other = match other {
            Ok(other) => Raw::of(&other),
            // A failed value is in no set.
            Err(Failure::Error(_)) => return Ok(false),
            Err(problem) => return Err(problem),
        };
        if !other.is_hashable() {
            return Err(not_hashable());
        }
        if !left.key(&other, budget)?.is_some_and(|key| members.contains_key(&key)) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn equal_by_key<'a>(left: &TypedList<'a>, right: &List<'a>, budget: &Budget) -> Result<bool> {
    let places = left.places(budget)?;
    for other in right.iter(budget) {
        let other = other?;
        let key = left.key(&Raw::of(&other), budget)?;
        let Some(at) = key.and_then(|key| places.get(&key)) else { return Ok(false) };
        if !equal(&left.get(*at, budget)?, &other, budget)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn equal_map<'a>(left: &Map<'a>, right: &Map<'a>, budget: &Budget) -> Result<bool> {
    if left.len() != right.len() {
        return Ok(false);
    }
    for key in left.keys() {
        let (Some(value), Some(other)) = (left.find(&key, budget)?, right.find(&key, budget)?) else {
            return Ok(false);
        };
        match equal(&value, &other, budget) {
            // The API server treats values that cannot be compared as equal here.
            Ok(true) | Err(Failure::Error(_)) => {}
            other => return other,
        }
    }
    Ok(true)
}

fn equal_typed_map<'a>(left: &TypedMap<'a>, right: &Map<'a>, budget: &Budget) -> Result<bool> {
    if matches!(left.kind, Kind::Object(_))
        && matches!(right, Map::Typed(right) if !std::ptr::eq(left.kind, right.kind))
    {
        return Failure::unknown("objects of different schemas are compared");
    }
    if left.len() != right.len() {
        return Ok(false);
    }
    for (name, json) in left.raws() {
        budget.spend(1)?;
        if left.type_of(name).is_none() {
            let Map::Typed(right) = right else { return Err(Failure::no_overload()) };
            if let Some(other) = right.raw(name) {
                budget.spend_on_json(json)?;
                if other != json {
                    return Ok(false);
                }
            }
            continue;
        }
        let other = right.find(&Value::String(Text::Borrowed(name)), budget);
        let same = match (left.find(name, budget)?, other.transpose()) {
            (None, None) => true,
            (Some(value), Some(other)) => equal_found(&value, other, budget)?,
            _ => false,
        };
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns whether an element of the list equals the value. As in a server, the price is that of the whole list.
pub(super) fn list_contains<'a>(list: &List<'a>, wanted: &Value<'a>, budget: &Budget) -> Result<bool> {
    budget.spend(list.len())?;
    list_has(list, wanted, budget)
}

/// Returns whether an element of the list equals the value, when the price of the list is paid. A failed comparison
/// counts only if no other element is equal.
pub(super) fn list_has<'a>(list: &List<'a>, wanted: &Value<'a>, budget: &Budget) -> Result<bool> {
    let mut failed = None;
    for item in list.iter(budget) {
        let found = match list {
            List::Values(_) | List::Plain(_) => same(wanted, &item?, budget),
            List::Typed(_) => item.and_then(|item| same(&item, wanted, budget)),
        };
        match (found, list) {
            (Ok(true), _) => return Ok(true),
            (Ok(false), _) | (Err(Failure::Error(_)), List::Values(_) | List::Plain(_)) => {}
            (Err(Failure::Exhausted), _) => return Err(Failure::Exhausted),
            (Err(problem), _) => failed = Some(failed.map_or(problem.clone(), |first: Failure| first.or(problem))),
        }
    }
    failed.map_or(Ok(false), Err)
}

/// Returns the order of two values. Fails for types without an order.
pub(super) fn compare(left: &Value<'_>, right: &Value<'_>, budget: &Budget) -> Result<Ordering> {
    if let (Some(left), Some(right)) = (Number::of(left), Number::of(right)) {
        return left.compare(right).ok_or(Failure::Error("NaN values cannot be ordered".into()));
    }
    Ok(match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::String(left), Value::String(right)) => {
            budget.spend_on_text(left.len().min(right.len()))?;
            left.as_bytes().cmp(right.as_bytes())
        }
        (Value::Bytes(left), Value::Bytes(right)) => {
            budget.spend_on_text(left.len().min(right.len()))?;
            left.cmp(right)
        }
        (Value::Duration(left), Value::Duration(right)) => left.cmp(right),
        (Value::Timestamp(left), Value::Timestamp(right)) => left.instant().cmp(&right.instant()),
        _ => return Err(Failure::no_overload()),
    })
}

#[derive(Clone, Copy)]
enum Number {
    /// Signed or unsigned integer.
    Whole(i128),
    Double(f64),
}

impl Number {
    fn of(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Int(value) => Some(Self::Whole((*value).into())),
            Value::Zero => Some(Self::Whole(0)),
            Value::Uint(value) => Some(Self::Whole((*value).into())),
            Value::Double(value) => Some(Self::Double(*value)),
            _ => None,
        }
    }

    /// Compares two numbers. As in cel-go, an integer is rounded to be compared with a double.
    fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Whole(left), Self::Whole(right)) => Some(left.cmp(&right)),
            (Self::Double(left), Self::Double(right)) => left.partial_cmp(&right),
            (Self::Whole(left), Self::Double(right)) => (left as f64).partial_cmp(&right),
            (Self::Double(left), Self::Whole(right)) => left.partial_cmp(&(right as f64)),
        }
    }
}
