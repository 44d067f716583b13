//! Server-side apply: field values that a field manager sets in an object.

use serde::Serialize;
use serde_json::Value;

use super::Preconditions;

/// Server-side apply: field values that a field manager sets. A field that the manager applied before and that is
/// absent here is no longer owned by the manager, and is removed if no other manager owns it.
#[derive(Clone, Debug, PartialEq)]
pub struct Apply {
    object: Value,
    manager: String,
    conflict_resolution: ConflictResolution,
}

/// Handling of conflicts. A conflict is a field that another field manager has set to another value than the apply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConflictResolution {
    /// Refuses the apply with [`Reason::Conflict`](super::Reason::Conflict). The object stays unchanged.
    #[default]
    Fail,
    /// Sets the fields, and makes the manager of this apply their only owner.
    Force,
}

impl Apply {
    /// Creates an apply that sets `fields`, for the field manager `manager`. `fields` must serialize as a JSON object.
    /// The object may lack `apiVersion`, `kind` and name.
    ///
    /// # Errors
    ///
    /// Returns an error if `fields` cannot be serialized as JSON.
    pub fn new<T: Serialize>(manager: impl Into<String>, fields: &T) -> Result<Self, serde_json::Error> {
        let object = serde_json::to_value(fields)?;
        Ok(Self { object, manager: manager.into(), conflict_resolution: ConflictResolution::default() })
    }

    /// Creates an apply that sets the fields of the JSON object `fields`, for the field manager `manager`.
    #[doc(hidden)]
    pub fn of(manager: String, fields: serde_json::Map<String, Value>) -> Self {
        Self { object: Value::Object(fields), manager, conflict_resolution: ConflictResolution::default() }
    }

    /// Restricts the apply to an object that meets the preconditions. An apply with a uid or a resourceVersion never
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

    /// Adds the differences between two states of the object to the fields of the apply. Sets every field that `after`
    /// added or changed, and removes every field that `after` lacks.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::NotImplemented`](super::Reason::NotImplemented) if `after` lacks a field that the apply does
    /// not set.
    #[doc(hidden)]
    pub fn amend(&mut self, before: &Value, after: &Value) -> super::Result<()> {
        amend(&mut self.object, before, after)
    }

    /// Returns the apply with [`ConflictResolution::Force`]: the apply wins conflicts with other field managers.
    #[must_use]
    pub fn force(mut self) -> Self {
        self.conflict_resolution = ConflictResolution::Force;
        self
    }

    /// Returns the fields that the apply sets.
    pub fn object(&self) -> &Value {
        &self.object
    }

    /// Returns the name of the field manager.
    pub fn manager(&self) -> &str {
        &self.manager
    }

    /// Returns the handling of conflicts with other field managers.
    pub fn conflict_resolution(&self) -> ConflictResolution {
        self.conflict_resolution
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
