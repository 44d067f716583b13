//! Lists: those that an expression makes, and those of the object, which know the schema of their items.

use std::borrow::Cow;
use std::rc::Rc;

use serde_json::{Number, Value as Json};

use super::budget::Budget;
use super::equal::{equal, not_hashable};
use super::failure::{Failure, Result};
use super::types::{ListKind, Type};
use super::value::{Value, untyped_json};

/// A CEL list.
#[derive(Clone, Debug)]
pub(super) enum List<'a> {
    /// Made by the expression.
    Values(Rc<Vec<Value<'a>>>),
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
    String(Cow<'a, str>),
    /// Something that cannot be part of an object; a failure as soon as it is looked at.
    Foreign,
    /// The same, and Go cannot have it as the key of a map: bytes, lists and maps that the expression makes.
    ForeignSlice,
}

impl<'a> List<'a> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Values(values) => values.len(),
            Self::Typed(list) => list.len(),
        }
    }

    /// The element; the index must be in range.
    pub(super) fn get(&self, index: usize) -> Result<Value<'a>> {
        match self {
            Self::Values(values) => Ok(values[index].clone()),
            Self::Typed(list) => list.item_type.value_of(&list.raw(index)),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Result<Value<'a>>> {
        (0..self.len()).map(|index| self.get(index))
    }

    /// The element, for functions that hand it on. The server hands failures on too, until somebody looks at them.
    pub(super) fn element(&self, index: usize) -> Result<Value<'a>> {
        match self.get(index) {
            Err(Failure::Error(_)) => Failure::unknown("an element of a list is not what the schema says"),
            other => other,
        }
    }

    /// All elements, as [`List::element`] gives them.
    pub(super) fn values(&self) -> Result<Vec<Value<'a>>> {
        (0..self.len()).map(|index| self.element(index)).collect()
    }

    pub(super) fn index(&self, index: &Value<'a>) -> Result<Value<'a>> {
        match self.position(index)? {
            Some(index) => self.get(index),
            None => Failure::error("index out of bounds"),
        }
    }

    /// The index as a position of the list, if it is one.
    pub(super) fn position(&self, index: &Value<'a>) -> Result<Option<usize>> {
        let index = match (self, index) {
            (_, Value::Int(index)) => *index,
            (Self::Values(_), Value::Uint(index)) => i64::try_from(*index).unwrap_or(i64::MAX),
            (Self::Values(_), Value::Double(index)) if index.fract() == 0.0 => *index as i64,
            _ => return Failure::error("unsupported index"),
        };
        Ok(usize::try_from(index).ok().filter(|index| *index < self.len()))
    }

    /// Whether an element equals the value; the failure to compare one counts only if no other is equal.
    pub(super) fn contains(&self, wanted: &Value<'a>, budget: &Budget) -> Result<bool> {
        let mut failed = None;
        for item in self.iter() {
            let same = match self {
                Self::Values(_) => equal(wanted, &item?, budget),
                Self::Typed(_) => item.and_then(|item| equal(&item, wanted, budget)),
            };
            match (same, self) {
                (Ok(true), _) => return Ok(true),
                (Ok(false), _) | (Err(Failure::Error(_)), Self::Values(_)) => {}
                (Err(Failure::Exhausted), _) => return Err(Failure::Exhausted),
                (Err(problem), _) => failed = Some(failed.map_or(problem.clone(), |first: Failure| first.or(problem))),
            }
        }
        failed.map_or(Ok(false), Err)
    }

    pub(super) fn join(&self, other: &List<'a>) -> Result<List<'a>> {
        match self {
            Self::Values(values) if values.is_empty() => Ok(other.clone()),
            Self::Values(_) if other.len() == 0 => Ok(self.clone()),
            Self::Values(values) => {
                let mut joined = values.as_ref().clone();
                joined.extend(other.values()?);
                Ok(Self::Values(Rc::new(joined)))
            }
            Self::Typed(list) => Ok(Self::Typed(list.join(other)?)),
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
    fn join(&self, other: &List<'a>) -> Result<Self> {
        let mut joined: Vec<Raw<'a>> = self.raws().collect();
        for value in other.iter() {
            let raw = match value {
                Ok(value) => Raw::of(&value),
                Err(Failure::Error(_)) => Raw::Foreign,
                Err(problem) => return Err(problem),
            };
            if matches!(self.kind, ListKind::Set) && !(raw.is_hashable() && self.raws().all(|item| item.is_hashable()))
            {
                return Err(not_hashable());
            }
            let replaced = match self.kind {
                ListKind::Atomic => None,
                ListKind::Set => joined.iter().position(|there| there.same(&raw)),
                // Of several with the same key the last is replaced.
                ListKind::Map(keys) => joined.iter().rposition(|there| same_key(there, &raw, keys)),
            };
            match replaced {
                Some(at) => joined[at] = raw,
                None => joined.push(raw),
            }
        }
        Ok(Self { items: Items::Joined(Rc::new(joined)), ..*self })
    }
}

/// Whether two items have the same values of the keys; an absent key is a value too.
pub(super) fn same_key(left: &Raw<'_>, right: &Raw<'_>, keys: &[String]) -> bool {
    let (Raw::Json(Json::Object(left)), Raw::Json(Json::Object(right))) = (left, right) else { return false };
    keys.iter().all(|key| {
        let (left, right) = (left.get(key).unwrap_or(&Json::Null), right.get(key).unwrap_or(&Json::Null));
        Raw::Json(left).same(&Raw::Json(right))
    })
}

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

    /// Equality of decoded values: `1` and `1.0` differ, and so does a time from the text that it was read from.
    pub(super) fn same(&self, other: &Self) -> bool {
        match (self.plain(), other.plain()) {
            (Self::Json(left), Self::Json(right)) => left == right,
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::Int(left), Self::Int(right)) => left == right,
            (Self::Double(left), Self::Double(right)) => left == right,
            (Self::String(left), Self::String(right)) => left == right,
            _ => false,
        }
    }

    /// JSON scalars in the form that a CEL value leaves.
    fn plain(&self) -> Self {
        match self {
            Self::Json(Json::Bool(value)) => Self::Bool(*value),
            Self::Json(Json::String(value)) => Self::String(Cow::Borrowed(value)),
            Self::Json(Json::Number(number)) => {
                int_of(number).map_or_else(|| Self::Double(number.as_f64().unwrap_or(f64::INFINITY)), Self::Int)
            }
            other => other.clone(),
        }
    }
}

/// The number, if the API server holds it as an integer.
pub(super) fn int_of(number: &Number) -> Option<i64> {
    number.as_i64()
}
