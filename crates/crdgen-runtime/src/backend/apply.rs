//! Server-side apply: what one manager wants of an object.

use serde::Serialize;
use serde_json::Value;

#[cfg(feature = "server")]
use super::Preconditions;

/// The fields that a manager wants, and no others: those that it applied before and leaves out are given up.
#[derive(Clone, Debug, PartialEq)]
pub struct Apply {
    object: Value,
    manager: String,
    ownership: Ownership,
}

/// What becomes of fields that another manager owns and this one wants otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ownership {
    /// They stay as they are: the apply is refused.
    #[default]
    Respect,
    /// They are taken over.
    Force,
}

impl Apply {
    /// What `manager` wants: any value that is written as an object with the wanted fields. `apiVersion`, `kind` and name may
    /// be left out.
    ///
    /// # Errors
    ///
    /// When the value cannot be written as JSON.
    pub fn new<T: Serialize>(manager: impl Into<String>, fields: &T) -> Result<Self, serde_json::Error> {
        let object = serde_json::to_value(fields)?;
        Ok(Self { object, manager: manager.into(), ownership: Ownership::default() })
    }

    /// What `manager` wants, as JSON.
    #[cfg(feature = "server")]
    pub(crate) fn of(manager: String, fields: serde_json::Map<String, Value>) -> Self {
        Self { object: Value::Object(fields), manager, ownership: Ownership::default() }
    }

    /// Is only for the object of which this holds: an apply that names a version or uid creates none.
    #[cfg(feature = "server")]
    pub(crate) fn expect(&mut self, preconditions: &Preconditions) {
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

    /// The same, taking over what others own.
    #[must_use]
    pub fn force(mut self) -> Self {
        self.ownership = Ownership::Force;
        self
    }

    /// The wanted fields.
    pub fn object(&self) -> &Value {
        &self.object
    }

    /// Who wants them.
    pub fn manager(&self) -> &str {
        &self.manager
    }

    /// What becomes of those that others own.
    pub fn ownership(&self) -> Ownership {
        self.ownership
    }
}
