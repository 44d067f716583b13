//! JSON pointers (RFC 6901), with the behaviour of the API server's library: a negative index counts from the end, and
//! text before the first slash is ignored.

use std::borrow::Cow;

use crdgen_core::json;
use serde_json::Value;

/// Place in a document: the path of the parent and the name in the parent.
pub(super) struct Pointer<'a> {
    parents: Vec<Cow<'a, str>>,
    name: Cow<'a, str>,
}

impl<'a> Pointer<'a> {
    /// Parses a path. Returns `None` for a path without a slash, which names no place in a parent, and for a path that
    /// is longer than the maximum depth of documents.
    pub(super) fn parse(path: &'a str) -> Option<Self> {
        if path.bytes().filter(|byte| *byte == b'/').count() > json::MAX_DEPTH {
            return None;
        }
        let mut parents: Vec<_> = path.split('/').skip(1).map(unescaped).collect();
        let name = parents.pop()?;
        Some(Self { parents, name })
    }

    /// Returns the name of the place in its parent: a key, an index, or `-` for the end of a list.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the names on the way from the document to the place.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.parents.iter().chain([&self.name]).map(|name| &**name)
    }

    /// Returns the number of objects and lists around the place.
    pub(super) fn depth(&self) -> usize {
        self.parents.len() + 1
    }

    /// Returns the object or list that holds the place.
    pub(super) fn parent<'v>(&self, document: &'v Value) -> Option<&'v Value> {
        self.parents.iter().try_fold(document, |value, name| child(value, name))
    }

    /// Returns the object or list that holds the place, for changes.
    pub(super) fn parent_mut<'v>(&self, document: &'v mut Value) -> Option<&'v mut Value> {
        self.parents.iter().try_fold(document, |value, name| match value {
            Value::Object(fields) => fields.get_mut(&**name),
            Value::Array(items) => position(name, items.len()).and_then(|index| items.get_mut(index)),
            _ => None,
        })
    }
}

fn unescaped(name: &str) -> Cow<'_, str> {
    match name.contains('~') {
        true => Cow::Owned(name.replace("~1", "/").replace("~0", "~")),
        false => Cow::Borrowed(name),
    }
}

/// Returns the value with this name in an object or list.
pub(super) fn child<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    match value {
        Value::Object(fields) => fields.get(name),
        Value::Array(items) => items.get(position(name, items.len())?),
        _ => None,
    }
}

/// Parses the index in a name. A negative index counts from `end`.
pub(super) fn position(name: &str, end: usize) -> Option<usize> {
    let index: isize = name.parse().ok()?;
    if index < 0 { end.checked_add_signed(index) } else { Some(index.unsigned_abs()) }
}
