//! CEL lists: made by the expression, or part of the custom resource with the schema of their items.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

use serde_json::Value as Json;

use super::budget::Budget;
use super::conversion::{declared_value, untyped_json};
use super::failure::{Failure, Result};
use super::shared::Text;
use super::types::{ListKind, Type};
use super::value::Value;
use crate::json::{Identity, Numbers};

/// A CEL list.
#[derive(Clone, Debug)]
pub(super) enum List<'a> {
    /// List that the expression makes.
    Values(Rc<Vec<Value<'a>>>),
    /// List of the custom resource without its schema, treated as if the expression had made it.
    Plain(&'a [Json]),
    /// List of the custom resource with its schema.
    Typed(TypedList<'a>),
}

/// List of the custom resource.
#[derive(Clone, Debug)]
pub(super) struct TypedList<'a> {
    pub(super) items: Items<'a>,
    pub(super) item_type: &'a Type,
    pub(super) kind: &'a ListKind,
}

/// Items as the API server holds them: decoded JSON, converted to CEL values on access.
#[derive(Clone, Debug)]
pub(super) enum Items<'a> {
    /// JSON array of the custom resource.
    Stored(&'a Json),
    /// Result of adding to a list of the custom resource.
    Joined(Rc<Vec<Raw<'a>>>),
}

/// Value as the API server holds it outside of CEL.
#[derive(Clone, Debug)]
pub(super) enum Raw<'a> {
    Json(&'a Json),
    Bool(bool),
    Int(i64),
    Double(f64),
    String(Text<'a>),
    /// Value that cannot be part of an object. Any access to it fails.
    Foreign,
    /// Value like [`Raw::Foreign`] that Go cannot use as a map key: bytes, lists and maps that the expression makes.
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

    /// Returns an element. The index must be in range.
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

    /// Returns an element for a function that passes it on unread. A server passes on an element that fails to convert,
    /// so the result is unknown here.
    pub(super) fn element(&self, index: usize, budget: &Budget) -> Result<Value<'a>> {
        match self.get(index, budget) {
            Err(Failure::Error(_)) => Failure::unknown("an element of a list is not what the schema says"),
            other => other,
        }
    }

    /// Returns all elements, each as by [`List::element`].
    pub(super) fn values(&self, budget: &Budget) -> Result<Vec<Value<'a>>> {
        (0..self.len()).map(|index| self.element(index, budget)).collect()
    }

    pub(super) fn index(&self, index: &Value<'a>, budget: &Budget) -> Result<Value<'a>> {
        match self.position(index)? {
            Some(index) => self.get(index, budget),
            None => Failure::error("index out of bounds"),
        }
    }

    /// Converts an index to a position of the list. Returns `None` if it is out of range.
    pub(super) fn position(&self, index: &Value<'a>) -> Result<Option<usize>> {
        let index = match (self, index) {
            (_, Value::Int(index)) => *index,
            (Self::Values(_) | Self::Plain(_), Value::Uint(index)) => i64::try_from(*index).unwrap_or(i64::MAX),
            (Self::Values(_) | Self::Plain(_), Value::Double(index)) if index.fract() == 0.0 => *index as i64,
            _ => return Failure::error("unsupported index"),
        };
        Ok(usize::try_from(index).ok().filter(|index| *index < self.len()))
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

    /// Returns an element. The index must be in range.
    pub(super) fn get(&self, index: usize, budget: &Budget) -> Result<Value<'a>> {
        declared_value(&self.raw(index), self.item_type, budget)
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

    /// Joins two lists by list type: a set keeps equal elements once, a map replaces items by key, other lists append.
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

    /// Returns the position of each item by its key. Of equal items, a set keeps the first and a map the last.
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

    /// Returns the key that must be unique in the list, or `None` for an item that equals no other. An absent key field
    /// of a map counts as null.
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

/// Values of an item's key fields in a map, or the item itself in a set.
pub(super) type ItemKey<'a> = Vec<Identity<'a>>;

impl<'a> Raw<'a> {
    /// Converts a CEL value.
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

    /// Converts to a CEL value without a schema.
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

    /// Returns whether Go can use the value as a map key.
    pub(super) fn is_hashable(&self) -> bool {
        !matches!(self, Self::ForeignSlice | Self::Json(Json::Array(_) | Json::Object(_)))
    }

    /// Returns the identity that equal values share. `1` and `1.0` have different ones. Returns `None` for values that
    /// equal no other, such as NaN and timestamps.
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

/// Failure for a list or an object in a set. The server keeps sets in Go maps, which panic here.
pub(super) fn not_hashable() -> Failure {
    Failure::Error("an item of a set is a list or an object".into())
}
