//! Server-side apply: the fields that a field manager wants in an object.

use serde::Serialize;
use serde_json::Value;

use super::Preconditions;

/// Server-side apply: the fields that a field manager wants. The manager gives up fields that it applied before and
/// that are missing here.
#[derive(Clone, Debug, PartialEq)]
pub struct Apply {
    object: Value,
    manager: String,
    ownership: Ownership,
}

/// Handling of fields that another field manager owns with another value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ownership {
    /// Refuses the apply. The fields stay as they are.
    #[default]
    Respect,
    /// Takes the fields over from their owner.
    Force,
}

impl Apply {
    /// Creates an apply of `fields` by `manager`. `fields` must serialize as an object with the wanted fields.
    /// `apiVersion`, `kind` and name may be left out.
    ///
    /// # Errors
    ///
    /// Fails when `fields` cannot be serialized as JSON.
    pub fn new<T: Serialize>(manager: impl Into<String>, fields: &T) -> Result<Self, serde_json::Error> {
        let object = serde_json::to_value(fields)?;
        Ok(Self { object, manager: manager.into(), ownership: Ownership::default() })
    }

    /// Creates an apply of the JSON object `fields` by `manager`.
    #[doc(hidden)]
    pub fn of(manager: String, fields: serde_json::Map<String, Value>) -> Self {
        Self { object: Value::Object(fields), manager, ownership: Ownership::default() }
    }

    /// Restricts the apply to an object that meets the preconditions. An apply that names a uid or version never
    /// creates an object.
    #[doc(hidden)]
    pub fn expect(&mut self, preconditions: &Preconditions) {
        let Preconditions { uid, resource_version } = preconditions;
        let Some(fields) = self.object.as_object_mut() else { return };
        for (field, wanted) in [("uid", uid), ("resourceVersion", resource_version)] {
            let Some(wanted) = wanted else { continue };
            let metadata = fields.entry("metadata").or_insert_with(|| serde_json::json!({}));
            if let Some(metadata) = metadata.as_object_mut() {
                metadata.insert(field.to_owned(), wanted.as_str().into());
            }
        }
    }

    /// Adds the differences between two states of the object to the wanted fields: takes over what `after` changed, and
    /// drops what `after` no longer has.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::NotImplemented`](super::Reason::NotImplemented) when `after` lacks a field that the manager
    /// does not want.
    #[doc(hidden)]
    pub fn amend(&mut self, before: &Value, after: &Value) -> super::Result<()> {
        amend(&mut self.object, before, after)
    }

    /// Returns an apply that takes over fields of other managers. See [`Ownership::Force`].
    #[must_use]
    pub fn force(mut self) -> Self {
        self.ownership = Ownership::Force;
        self
    }

    /// Returns the wanted fields.
    pub fn object(&self) -> &Value {
        &self.object
    }

    /// Returns the name of the field manager.
    pub fn manager(&self) -> &str {
        &self.manager
    }

    /// Returns the handling of fields that other managers own.
    pub fn ownership(&self) -> Ownership {
        self.ownership
    }
}

fn amend(wanted: &mut Value, before: &Value, after: &Value) -> super::Result<()> {
    let (Value::Object(before), Value::Object(after), Value::Object(wanted)) = (before, after, wanted) else {
        return Err(super::Error::internal("an apply is an object"));
    };
    for (name, value) in after {
        match (before.get(name), wanted.get_mut(name)) {
            (Some(was), _) if was == value => {}
            (Some(was @ Value::Object(_)), Some(wanted @ Value::Object(_))) if value.is_object() => {
                amend(wanted, was, value)?;
            }
            _ => drop(wanted.insert(name.clone(), value.clone())),
        }
    }
    for name in before.keys().filter(|name| !after.contains_key(*name)) {
        if wanted.shift_remove(name).is_none() {
            return Err(super::Error::not_implemented("remove a field that is not applied"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_apply_takes_on_what_was_changed_and_nothing_else() {
        let mut apply = Apply::new("me", &json!({ "spec": { "a": 1, "deep": { "x": 1 } } })).unwrap();
        let before = json!({ "kind": "K", "spec": { "a": 1, "deep": { "x": 1, "y": 2 }, "default": true } });
        let after = json!({ "kind": "K", "spec": { "deep": { "x": 1, "y": 3 }, "default": true, "new": [1] } });
        apply.amend(&before, &after).unwrap();
        assert_eq!(apply.object(), &json!({ "spec": { "deep": { "x": 1, "y": 3 }, "new": [1] } }));
        let error = apply.amend(&json!({ "kind": "K" }), &json!({})).unwrap_err();
        assert_eq!(error.reason, crate::Reason::NotImplemented);
    }
}
