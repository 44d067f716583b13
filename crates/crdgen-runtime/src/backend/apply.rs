//! Server-side apply: what one manager wants of an object.

use serde::Serialize;
use serde_json::Value;

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
