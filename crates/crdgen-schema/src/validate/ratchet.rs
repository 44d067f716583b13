//! Correlation of new and old values on an update, and their comparison.
//!
//! Follows `pkg/cel/common/equality.go` of apiserver. Declared fields are correlated by name, items of a list of type
//! map by their keys. Lists of other types are only compared as a whole.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::Value as Json;

use crate::prepared::Prepared;
use crate::schema::ListType;

/// New value with its old value.
#[derive(Clone, Copy)]
pub(crate) struct Correlated<'a> {
    schema: &'a Prepared,
    new: &'a Json,
    old: &'a Json,
    /// Whether the pair is the whole object, whose `apiVersion` and `kind` have no pair.
    is_root: bool,
    known: &'a Unchanged,
}

/// Results of comparisons of parts of an object, so that no part is compared again for each part around it.
#[derive(Default)]
pub(crate) struct Unchanged {
    /// Address of the new part, and whether the part equals its old state.
    parts: RefCell<HashMap<*const Json, bool>>,
}

impl<'a> Correlated<'a> {
    /// Correlates a whole object with its old state.
    pub(crate) fn objects(schema: &'a Prepared, new: &'a Json, old: &'a Json, known: &'a Unchanged) -> Self {
        Self { schema, new, old, is_root: true, known }
    }

    /// Returns the pair of a field, if both sides have the field.
    pub(crate) fn field(&self, name: &str) -> Option<Self> {
        let is_type = self.is_root && matches!(name, "apiVersion" | "kind");
        if is_type { None } else { self.child(name) }
    }

    fn child(&self, name: &str) -> Option<Self> {
        let (new, old) = (self.new.as_object()?.get(name)?, self.old.as_object()?.get(name)?);
        Some(Self { schema: self.schema.field(name)?, new, old, is_root: false, known: self.known })
    }

    /// Returns the pairs of the items.
    pub(crate) fn items(&self) -> Items<'a> {
        let keys = &self.schema.list_map_keys;
        let is_map = self.schema.list_type == Some(ListType::Map);
        let (Some(new), Some(old), Some(schema), true) =
            (self.new.as_array(), self.old.as_array(), self.schema.items.as_deref(), is_map)
        else {
            return Items::None;
        };
        let by_key = by_key(old, keys);
        let pair = |new: &'a Json| {
            let old = by_key.get(&key_of(new, keys)?).copied()?;
            Some(Self { schema, new, old, is_root: false, known: self.known })
        };
        Items::Pairs(new.iter().map(pair).collect())
    }

    /// Returns whether the value is unchanged, as far as the server can tell.
    pub(crate) fn is_unchanged(&self) -> bool {
        let part = std::ptr::from_ref(self.new);
        if let Some(known) = self.known.parts.borrow().get(&part) {
            return *known;
        }
        let is_unchanged = self.compare();
        if matches!(self.new, Json::Array(_) | Json::Object(_)) {
            self.known.parts.borrow_mut().insert(part, is_unchanged);
        }
        is_unchanged
    }

    fn compare(&self) -> bool {
        match (self.new, self.old) {
            (Json::Object(new), Json::Object(old)) => {
                new.len() == old.len()
                    && new.keys().all(|name| self.child(name).is_some_and(|pair| pair.is_unchanged()))
            }
            (Json::Array(new), Json::Array(old)) if self.schema.list_type == Some(ListType::Map) => {
                new.len() == old.len() && self.items().are_unchanged(new.len())
            }
            (new, old) => new == old,
        }
    }
}

/// Pairs of the items of a list.
pub(crate) enum Items<'a> {
    /// No items are correlated.
    None,
    Pairs(Vec<Option<Correlated<'a>>>),
}

impl<'a> Items<'a> {
    /// Returns the pair of a new item.
    pub(crate) fn get(&self, index: usize) -> Option<Correlated<'a>> {
        match self {
            Self::None => None,
            Self::Pairs(pairs) => pairs.get(index).copied().flatten(),
        }
    }

    fn are_unchanged(&self, length: usize) -> bool {
        (0..length).all(|index| self.get(index).is_some_and(|pair| pair.is_unchanged()))
    }
}

/// Returns the key of an item in a list of type map, or `None` if a key field is absent or not a scalar.
pub(crate) fn key_of(item: &Json, keys: &[String]) -> Option<String> {
    let mut composite = String::new();
    for key in keys {
        match item.get(key)? {
            Json::Null | Json::Array(_) | Json::Object(_) => return None,
            scalar => composite.push_str(&scalar.to_string()),
        }
        composite.push('\0');
    }
    Some(composite)
}

/// Returns the first item of each key.
pub(crate) fn by_key<'j>(items: &'j [Json], keys: &[String]) -> HashMap<String, &'j Json> {
    let mut by_key = HashMap::new();
    for item in items {
        if let Some(key) = key_of(item, keys) {
            by_key.entry(key).or_insert(item);
        }
    }
    by_key
}
