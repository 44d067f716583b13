//! CEL maps: made by the expression, or an object of the custom resource with its schema.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use indexmap::IndexMap;
use serde_json::{Map as JsonMap, Value as Json};

use super::budget::Budget;
use super::conversion::{declared_value, untyped_json};
use super::failure::{Failure, Result};
use super::list::Raw;
use super::names;
use super::shared::Text;
use super::types::{Kind, Type};
use super::value::Value;

/// A CEL map.
#[derive(Clone, Debug)]
pub(super) enum Map<'a> {
    /// Map that the expression makes.
    Entries(Rc<IndexMap<Key<'a>, Value<'a>>>),
    /// Object of the custom resource without its schema, treated as if the expression had made it.
    Plain(&'a JsonMap<String, Json>),
    /// Object of the custom resource with its schema.
    Typed(TypedMap<'a>),
}

/// JSON object with its schema.
#[derive(Clone, Copy, Debug)]
pub(super) struct TypedMap<'a> {
    pub(super) json: &'a Json,
    pub(super) kind: &'a Kind,
}

/// Key of a map that the expression makes. Signed and unsigned integers of equal value are equal.
#[derive(Clone, Debug)]
pub(super) enum Key<'a> {
    Bool(bool),
    Int(i64),
    Uint(u64),
    String(Text<'a>),
}

impl<'a> Key<'a> {
    pub(super) fn of(value: Value<'a>) -> Result<Self> {
        Ok(match value {
            Value::Bool(value) => Self::Bool(value),
            Value::Int(value) => Self::Int(value),
            Value::Uint(value) => Self::Uint(value),
            Value::String(value) => Self::String(value),
            // The server may accept other keys, but never finds them.
            _ => return Failure::unknown("a key is neither text, nor an integer, nor a boolean"),
        })
    }

    /// Returns the key that finds the value's entry. A whole double finds an integer.
    fn finding(value: &Value<'a>) -> Option<Self> {
        match value {
            Value::Double(value) if value.fract() == 0.0 && (-9.2e18..9.2e18).contains(value) => {
                Some(Self::Int(*value as i64))
            }
            value => Self::of(value.clone()).ok(),
        }
    }

    pub(super) fn value(&self) -> Value<'a> {
        match self {
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(value) => Value::Int(*value),
            Self::Uint(value) => Value::Uint(*value),
            Self::String(value) => Value::String(value.clone()),
        }
    }

    fn number(&self) -> Option<i128> {
        match self {
            Self::Int(value) => Some((*value).into()),
            Self::Uint(value) => Some((*value).into()),
            _ => None,
        }
    }
}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::String(left), Self::String(right)) => left == right,
            _ => self.number().is_some() && self.number() == other.number(),
        }
    }
}

impl Eq for Key<'_> {}

impl Hash for Key<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Bool(value) => value.hash(state),
            Self::String(value) => value.hash(state),
            Self::Int(_) | Self::Uint(_) => self.number().hash(state),
        }
    }
}

impl<'a> Map<'a> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Entries(entries) => entries.len(),
            Self::Plain(fields) => fields.len(),
            Self::Typed(map) => map.len(),
        }
    }

    /// Returns the value of a key, if the map has the key.
    pub(super) fn find(&self, key: &Value<'a>, budget: &Budget) -> Result<Option<Value<'a>>> {
        key.pay_for_reading(budget)?;
        match (self, key) {
            (Self::Entries(entries), key) => Ok(Key::finding(key).and_then(|key| entries.get(&key).cloned())),
            (Self::Plain(fields), Value::String(key)) => Ok(fields.get(&**key).map(untyped_json)),
            (Self::Plain(_), _) => Ok(None),
            (Self::Typed(map), Value::String(key)) => map.find(key, budget),
            (Self::Typed(_), _) => Err(Failure::no_overload()),
        }
    }

    pub(super) fn index(&self, key: &Value<'a>, budget: &Budget) -> Result<Value<'a>> {
        match self.find(key, budget)? {
            Some(value) => Ok(value),
            None => Failure::error("no such key"),
        }
    }

    /// Returns the keys over which macros iterate.
    pub(super) fn keys(&self) -> Box<dyn Iterator<Item = Value<'a>> + 'a> {
        match self {
            Self::Entries(entries) => {
                let entries = Rc::clone(entries);
                Box::new((0..entries.len()).filter_map(move |at| Some(entries.get_index(at)?.0.value())))
            }
            Self::Plain(fields) => Box::new(fields.keys().map(|name| Value::String(Text::Borrowed(name)))),
            Self::Typed(map) => Box::new(map.keys()),
        }
    }

    /// Returns whether the map is an object with fields. The server's type checker distinguishes objects from maps.
    pub(super) fn is_object(&self) -> bool {
        matches!(self, Self::Typed(TypedMap { kind: Kind::Object(_) | Kind::Bare, .. }))
    }

    /// Returns the JSON of the map, if it is part of the custom resource with its schema.
    pub(super) fn json(&self) -> Option<&'a Json> {
        match self {
            Self::Entries(_) | Self::Plain(_) => None,
            Self::Typed(map) => Some(map.json),
        }
    }
}

impl<'a> TypedMap<'a> {
    /// Returns the JSON value of a JSON name.
    pub(super) fn raw(&self, name: &str) -> Option<&'a Json> {
        self.json.as_object()?.get(name)
    }

    pub(super) fn raws(self) -> impl Iterator<Item = (&'a String, &'a Json)> + use<'a> {
        self.json.as_object().into_iter().flatten()
    }

    /// Returns the number of fields, including undeclared ones.
    pub(super) fn len(&self) -> usize {
        self.json.as_object().map_or(0, serde_json::Map::len)
    }

    /// Returns the type of a JSON name, if the schema declares the name.
    pub(super) fn type_of(&self, name: &str) -> Option<&'a Type> {
        match self.kind {
            Kind::Object(fields) => fields.get(name),
            Kind::Map(values) => Some(values),
            _ => None,
        }
    }

    /// Returns the value of a CEL name. `null` counts as absent in an object, and as a value in a map.
    pub(super) fn find(&self, name: &str, budget: &Budget) -> Result<Option<Value<'a>>> {
        let is_object = matches!(self.kind, Kind::Object(_));
        let name: Cow<'_, str> = match is_object {
            true => match names::unescape(name) {
                Some(name) => name,
                None => return Ok(None),
            },
            false => name.into(),
        };
        match (self.raw(&name), self.type_of(&name)) {
            (Some(Json::Null), _) if is_object => Ok(None),
            (Some(json), Some(type_)) => declared_value(&Raw::Json(json), type_, budget).map(Some),
            _ => Ok(None),
        }
    }

    fn keys(self) -> impl Iterator<Item = Value<'a>> {
        let declared = self.raws().filter(move |(name, _)| self.type_of(name).is_some());
        let names = declared.map(move |(name, _)| match self.kind {
            Kind::Object(_) => names::escape(name).unwrap_or(Cow::Borrowed(name)),
            _ => Cow::Borrowed(name.as_str()),
        });
        names.map(|name| Value::String(name.into()))
    }
}
