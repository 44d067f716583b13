//! Maps: those that an expression makes, and the objects and maps of the object.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use indexmap::IndexMap;
use serde_json::{Map as JsonMap, Value as Json};

use super::budget::Budget;
use super::failure::{Failure, Result};
use super::list::Raw;
use super::names;
use super::shared::Text;
use super::types::{Kind, Type};
use super::value::{Value, untyped_json};

/// A CEL map.
#[derive(Clone, Debug)]
pub(super) enum Map<'a> {
    /// Made by the expression.
    Entries(Rc<IndexMap<Key<'a>, Value<'a>>>),
    /// An object of the object, without its schema: as if the expression had made it.
    Plain(&'a JsonMap<String, Json>),
    /// An object of the object that the rule is about.
    Typed(TypedMap<'a>),
}

/// A JSON object, and what the schema says of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct TypedMap<'a> {
    pub(super) json: &'a Json,
    pub(super) kind: &'a Kind,
}

/// A key of a map that the expression makes. Integers are equal whether they have a sign or not.
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
            // The server may take others, but never finds them.
            _ => return Failure::unknown("a key is neither text, nor an integer, nor a boolean"),
        })
    }

    /// The key that finds the same entry as the value.
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

    /// The value of a key, if there is such an entry.
    pub(super) fn find(&self, key: &Value<'a>, budget: &Budget) -> Result<Option<Value<'a>>> {
        budget.spend_on(key)?;
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

    /// The keys that can be iterated over.
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

    /// Whether this is an object with fields and not a map; the checker of the server tells them apart.
    pub(super) fn is_object(&self) -> bool {
        matches!(self, Self::Typed(TypedMap { kind: Kind::Object(_) | Kind::Bare, .. }))
    }

    /// The JSON that the map stands for, if it is part of the object.
    pub(super) fn json(&self) -> Option<&'a Json> {
        match self {
            Self::Entries(_) | Self::Plain(_) => None,
            Self::Typed(map) => Some(map.json),
        }
    }
}

impl<'a> TypedMap<'a> {
    /// The value under its name in JSON.
    pub(super) fn raw(&self, name: &str) -> Option<&'a Json> {
        self.json.as_object()?.get(name)
    }

    pub(super) fn raws(self) -> impl Iterator<Item = (&'a String, &'a Json)> + use<'a> {
        self.json.as_object().into_iter().flatten()
    }

    /// Undeclared fields count too.
    pub(super) fn len(&self) -> usize {
        self.json.as_object().map_or(0, serde_json::Map::len)
    }

    /// The type of what stands under a name in JSON, if it is declared.
    pub(super) fn type_of(&self, name: &str) -> Option<&'a Type> {
        match self.kind {
            Kind::Object(fields) => fields.get(name),
            Kind::Map(values) => Some(values),
            _ => None,
        }
    }

    /// The value under its name in CEL. `null` is no value in an object, and one in a map.
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
            (Some(json), Some(type_)) => type_.value_of(&Raw::Json(json), budget).map(Some),
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
