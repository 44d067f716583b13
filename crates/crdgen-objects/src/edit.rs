//! Changes of a value.

use serde_json::Value as Json;

/// Key of a value in an object or a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Field(String),
    Index(usize),
}

impl Key {
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Field(name) => Some(name),
            Self::Index(_) => None,
        }
    }
}

/// Path of a value in another value.
pub(crate) type Pointer = Vec<Key>;

/// Change of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Edit {
    removed: Vec<Pointer>,
    /// Place and value of a field or an item that is set.
    pub(crate) set: Option<(Pointer, Json)>,
}

impl Edit {
    pub(crate) fn set(pointer: &[Key], value: Json) -> Self {
        Self { removed: Vec::new(), set: Some((pointer.to_vec(), value)) }
    }

    pub(crate) fn remove(pointer: &[Key]) -> Self {
        Self::remove_all([pointer.to_vec()])
    }

    pub(crate) fn remove_all(pointers: impl IntoIterator<Item = Pointer>) -> Self {
        let mut removed: Vec<Pointer> = pointers.into_iter().collect();
        removed.dedup();
        Self { removed, set: None }
    }

    /// Returns the changed value, or `None` if the change does nothing.
    pub(crate) fn applied(&self, value: &Json) -> Option<Json> {
        let mut edited = value.clone();
        for pointer in &self.removed {
            remove(&mut edited, pointer);
        }
        if let Some((pointer, new)) = &self.set {
            match pointer.split_last() {
                None => edited = new.clone(),
                Some((last, parent)) => match (get_mut(&mut edited, parent)?, last) {
                    (Json::Object(fields), Key::Field(name)) => _ = fields.insert(name.clone(), new.clone()),
                    (Json::Array(items), Key::Index(index)) => *items.get_mut(*index)? = new.clone(),
                    _ => return None,
                },
            }
        }
        (edited != *value).then_some(edited)
    }
}

/// Removes a field. An item of a list is left as it is.
pub(crate) fn remove(value: &mut Json, pointer: &[Key]) {
    if let Some((Key::Field(name), parent)) = pointer.split_last()
        && let Some(Json::Object(fields)) = get_mut(value, parent)
    {
        fields.shift_remove(name);
    }
}

/// Returns the value at a path.
pub(crate) fn get<'v>(value: &'v Json, pointer: &[Key]) -> Option<&'v Json> {
    pointer.iter().try_fold(value, |value, key| match key {
        Key::Field(name) => value.get(name),
        Key::Index(index) => value.get(index),
    })
}

/// Returns the value at a path, to change it.
pub(crate) fn get_mut<'v>(value: &'v mut Json, pointer: &[Key]) -> Option<&'v mut Json> {
    pointer.iter().try_fold(value, |value, key| match key {
        Key::Field(name) => value.get_mut(name),
        Key::Index(index) => value.get_mut(index),
    })
}
