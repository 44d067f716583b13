//! JSON pointers (RFC 6901), as the library of the API server reads them: an index may be negative, which counts from the
//! end, and what stands before the first slash does not matter.

use std::borrow::Cow;

use serde_json::Value;

use crate::json;

/// A place in a document, by the path of its parent and its own name in it.
pub(super) struct Pointer<'a> {
    parents: Vec<Cow<'a, str>>,
    name: Cow<'a, str>,
}

impl<'a> Pointer<'a> {
    /// Reads a path. `None` for one without a slash, which leads to no place in a parent, and for one that is longer than
    /// documents are deep.
    pub(super) fn parse(path: &'a str) -> Option<Self> {
        if path.bytes().filter(|byte| *byte == b'/').count() > json::MAX_DEPTH {
            return None;
        }
        let mut parents: Vec<_> = path.split('/').skip(1).map(unescaped).collect();
        let name = parents.pop()?;
        Some(Self { parents, name })
    }

    /// Name of the place in its parent: a key, an index, or `-` for the end of a list.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Number of objects and lists that the place is in.
    pub(super) fn depth(&self) -> usize {
        self.parents.len() + 1
    }

    /// The object or list that the place is in.
    pub(super) fn parent<'v>(&self, document: &'v Value) -> Option<&'v Value> {
        self.parents.iter().try_fold(document, |value, name| child(value, name))
    }

    /// As [`parent`](Self::parent), to change.
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

/// The value of this name in an object or a list.
pub(super) fn child<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    match value {
        Value::Object(fields) => fields.get(name),
        Value::Array(items) => items.get(position(name, items.len())?),
        _ => None,
    }
}

/// The index that a name says; a negative one counts from `end`.
pub(super) fn position(name: &str, end: usize) -> Option<usize> {
    let index: isize = name.parse().ok()?;
    if index < 0 { end.checked_add_signed(index) } else { Some(index.unsigned_abs()) }
}
