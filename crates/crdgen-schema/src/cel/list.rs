//! Lists: those that an expression makes, and those of the object, which know the schema of their items.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

use serde_json::{Number, Value as Json};

use super::budget::Budget;
use super::equal::{not_hashable, same};
use super::failure::{Failure, Result};
use super::shared::Text;
use super::types::{ListKind, Type};
use super::value::{Value, untyped_json};
use crate::identity::{Identity, Numbers};

/// A CEL list.
#[derive(Clone, Debug)]
pub(super) enum List<'a> {
    /// Made by the expression.
    Values(Rc<Vec<Value<'a>>>),
    /// Part of the object, without its schema: as if the expression had made it.
    Plain(&'a [Json]),
    /// Part of the object.
    Typed(TypedList<'a>),
}

/// An array of the object.
#[derive(Clone, Debug)]
pub(super) struct TypedList<'a> {
    pub(super) items: Items<'a>,
    pub(super) item_type: &'a Type,
    pub(super) kind: &'a ListKind,
}

/// The items as the API server holds them: not as CEL values but as what they were decoded to.
#[derive(Clone, Debug)]
pub(super) enum Items<'a> {
    /// An array.
    Stored(&'a Json),
    /// The result of adding to a list of the object.
    Joined(Rc<Vec<Raw<'a>>>),
}

/// What a value is outside of CEL.
#[derive(Clone, Debug)]
pub(super) enum Raw<'a> {
    Json(&'a Json),
    Bool(bool),
    Int(i64),
    Double(f64),
    String(Text<'a>),
    /// Something that cannot be part of an object; a failure as soon as it is looked at.
    Foreign,
    /// The same, and Go cannot have it as the key of a map: bytes, lists and maps that the expression makes.
    ForeignSlice,
}

impl<'a> List<'a> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Values(values) => values.len(),
            Self::Plain(items) => items.len(),
            Self::Typed(list) => list.len(),
        }
    }

    /// The element; the index must be in range.
    pub(super) fn get(&self, index: usize, budget: &Budget) -> Result<Value<'a>> {
        match self {
            Self::Values(values) => Ok(values[index].clone()),
            Self::Plain(items) => Ok(untyped_json(&items[index])),
            Self::Typed(list) => list.get(index, budget),
        }
    }

    pub(super) fn iter<'l>(&'l self, budget: &'l Budget) -> impl Iterator<Item = Result<Value<'a>>> + use<'a, 'l> {
        (0..self.len()).map(|index| self.get(index, budget))
    }

    /// The element, for functions that hand it on. The server hands failures on too, until somebody looks at them.
    pub(super) fn element(&self, index: usize, budget: &Budget) -> Result<Value<'a>> {
        match self.get(index, budget) {
            Err(Failure::Error(_)) => Failure::unknown("an element of a list is not what the schema says"),
            other => other,
        }
    }

    /// All elements, as [`List::element`] gives them.
    pub(super) fn values(&self, budget: &Budget) -> Result<Vec<Value<'a>>> {
        (0..self.len()).map(|index| self.element(index, budget)).collect()
    }

    pub(super) fn index(&self, index: &Value<'a>, budget: &Budget) -> Result<Value<'a>> {
        match self.position(index)? {
            Some(index) => self.get(index, budget),
            None => Failure::error("index out of bounds"),
        }
    }

    /// The index as a position of the list, if it is one.
    pub(super) fn position(&self, index: &Value<'a>) -> Result<Option<usize>> {
        let index = match (self, index) {
            (_, Value::Int(index)) => *index,
            (Self::Values(_) | Self::Plain(_), Value::Uint(index)) => i64::try_from(*index).unwrap_or(i64::MAX),
            (Self::Values(_) | Self::Plain(_), Value::Double(index)) if index.fract() == 0.0 => *index as i64,
            _ => return Failure::error("unsupported index"),
        };
        Ok(usize::try_from(index).ok().filter(|index| *index < self.len()))
    }

    /// Whether an element equals the value. As in a server, the price is that of the whole list.
    pub(super) fn contains(&self, wanted: &Value<'a>, budget: &Budget) -> Result<bool> {
        budget.spend(self.len())?;
        self.has(wanted, budget)
    }

    /// Whether an element equals the value, when looking at all of them is paid for. The failure to compare one counts only
    /// if no other is equal.
    pub(super) fn has(&self, wanted: &Value<'a>, budget: &Budget) -> Result<bool> {
        let mut failed = None;
        for item in self.iter(budget) {
            let found = match self {
                Self::Values(_) | Self::Plain(_) => same(wanted, &item?, budget),
                Self::Typed(_) => item.and_then(|item| same(&item, wanted, budget)),
            };
            match (found, self) {
                (Ok(true), _) => return Ok(true),
                (Ok(false), _) | (Err(Failure::Error(_)), Self::Values(_) | Self::Plain(_)) => {}
                (Err(Failure::Exhausted), _) => return Err(Failure::Exhausted),
                (Err(problem), _) => failed = Some(failed.map_or(problem.clone(), |first: Failure| first.or(problem))),
            }
        }
        failed.map_or(Ok(false), Err)
    }

    pub(super) fn join(&self, other: &List<'a>, budget: &Budget) -> Result<List<'a>> {
        match self {
            Self::Typed(list) => Ok(Self::Typed(list.join(other, budget)?)),
            _ if self.len() == 0 => Ok(other.clone()),
            _ if other.len() == 0 => Ok(self.clone()),
            _ => {
                let mut joined = self.values(budget)?;
                joined.extend(other.values(budget)?);
                Ok(Self::Values(Rc::new(joined)))
            }
        }
    }
}

impl<'a> TypedList<'a> {
    pub(super) fn len(&self) -> usize {
        match &self.items {
            Items::Stored(json) => json.as_array().map_or(0, Vec::len),
            Items::Joined(items) => items.len(),
        }
    }

    /// The element; the index must be in range.
    pub(super) fn get(&self, index: usize, budget: &Budget) -> Result<Value<'a>> {
        self.item_type.value_of(&self.raw(index), budget)
    }

    pub(super) fn raw(&self, index: usize) -> Raw<'a> {
        match &self.items {
            Items::Stored(json) => Raw::Json(&json[index]),
            Items::Joined(items) => items[index].clone(),
        }
    }

    pub(super) fn raws(&self) -> impl Iterator<Item = Raw<'a>> {
        (0..self.len()).map(|index| self.raw(index))
    }

    /// Joins as the list type says: sets have no element twice, maps replace by key, other lists append.
    fn join(&self, other: &List<'a>, budget: &Budget) -> Result<Self> {
        let mut joined: Vec<Raw<'a>> = self.raws().collect();
        let is_set = matches!(self.kind, ListKind::Set);
        let are_hashable = !is_set || joined.iter().all(Raw::is_hashable);
        let mut places = if other.len() > 0 && are_hashable { self.places(budget)? } else { HashMap::new() };
        for value in other.iter(budget) {
            let raw = match value {
                Ok(value) => Raw::of(&value),
                Err(Failure::Error(_)) => Raw::Foreign,
                Err(problem) => return Err(problem),
            };
            if is_set && !(are_hashable && raw.is_hashable()) {
                return Err(not_hashable());
            }
            match self.key(&raw, budget)?.map(|key| places.entry(key)) {
                Some(Entry::Occupied(place)) => joined[*place.get()] = raw,
                Some(Entry::Vacant(place)) => {
                    place.insert(joined.len());
                    joined.push(raw);
                }
                None => joined.push(raw),
            }
        }
        Ok(Self { items: Items::Joined(Rc::new(joined)), ..*self })
    }

    /// The place of each item by its key. Of several equal ones that is the first in a set, and the last in a map.
    pub(super) fn places(&self, budget: &Budget) -> Result<HashMap<ItemKey<'a>, usize>> {
        let mut places = HashMap::with_capacity(self.len());
        for (at, raw) in self.raws().enumerate() {
            let Some(key) = self.key(&raw, budget)? else { continue };
            match self.kind {
                ListKind::Set => _ = places.entry(key).or_insert(at),
                _ => _ = places.insert(key, at),
            }
        }
        Ok(places)
    }

    /// What two items have in common if the list holds one of them only; none for an item that is like no other. An absent
    /// key of a map is a value too.
    pub(super) fn key(&self, raw: &Raw<'a>, budget: &Budget) -> Result<Option<ItemKey<'a>>> {
        match (self.kind, raw) {
            (ListKind::Set, raw) => Ok(raw.identity(budget)?.map(|identity| vec![identity])),
            (ListKind::Map(keys), Raw::Json(Json::Object(fields))) => {
                keys.iter().map(|key| Raw::Json(fields.get(key).unwrap_or(&Json::Null)).identity(budget)).collect()
            }
            (ListKind::Map(_) | ListKind::Atomic, _) => Ok(None),
        }
    }
}

/// The values of a map's keys, or a set's item itself.
pub(super) type ItemKey<'a> = Vec<Identity<'a>>;

impl<'a> Raw<'a> {
    /// What a CEL value is outside of CEL.
    pub(super) fn of(value: &Value<'a>) -> Self {
        match value {
            Value::Bool(value) => Self::Bool(*value),
            Value::Int(value) => Self::Int(*value),
            Value::Double(value) => Self::Double(*value),
            Value::String(value) => Self::String(value.clone()),
            Value::Opaque(json) => Self::Json(json),
            Value::Map(map) => map.json().map_or(Self::ForeignSlice, Self::Json),
            Value::List(List::Typed(TypedList { items: Items::Stored(json), .. })) => Self::Json(json),
            Value::List(_) | Value::Bytes(_) => Self::ForeignSlice,
            _ => Self::Foreign,
        }
    }

    /// The value without a schema.
    pub(super) fn untyped(&self) -> Value<'a> {
        match self {
            Self::Json(json) => untyped_json(json),
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(value) => Value::Int(*value),
            Self::Double(value) => Value::Double(*value),
            Self::String(text) => Value::String(text.clone()),
            Self::Foreign | Self::ForeignSlice => Value::Null,
        }
    }

    /// Whether Go can have it as the key of a map.
    pub(super) fn is_hashable(&self) -> bool {
        !matches!(self, Self::ForeignSlice | Self::Json(Json::Array(_) | Json::Object(_)))
    }

    /// What equal values have in common: `1` and `1.0` differ, and so does a time from the text that it was read from. None
    /// for what equals nothing.
    pub(super) fn identity(&self, budget: &Budget) -> Result<Option<Identity<'a>>> {
        Ok(Some(match self {
            Self::Json(json) => {
                budget.spend_on_json(json)?;
                Identity::of(json, Numbers::Typed)
            }
            Self::Bool(value) => Identity::Bool(*value),
            Self::Int(value) => Identity::Int(*value),
            Self::Double(value) if value.is_nan() => return Ok(None),
            Self::Double(value) => Identity::float(*value),
            Self::String(text) => {
                budget.spend_on_text(text.len())?;
                match text {
                    Text::Borrowed(text) => Identity::Text(Cow::Borrowed(text)),
                    Text::Made(text) => Identity::Text(Cow::Owned(text.to_string())),
                }
            }
            Self::Foreign | Self::ForeignSlice => return Ok(None),
        }))
    }
}

/// The number, if the API server holds it as an integer.
pub(super) fn int_of(number: &Number) -> Option<i64> {
    number.as_i64()
}
