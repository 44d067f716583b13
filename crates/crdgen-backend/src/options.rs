//! Options of writes.

use crdgen_core::Resource;
use serde::{Deserialize, Serialize};

use super::{Backend, Remarks};

/// Options of a write. The default stores the object and leaves every other choice to the server.
///
/// Two values are equal when they write in the same way: `remarks` is not compared.
#[derive(Clone, Debug, Default)]
pub struct WriteOptions {
    /// Whether the write is stored.
    pub effect: Effect,
    /// Field manager of the write, for managed fields.
    pub field_manager: Option<String>,
    /// Handling of fields that the kind does not declare. `None`: the backend's default.
    pub field_validation: Option<FieldValidation>,
    /// Effect of a deletion on the objects that the deleted object owns. `None`: the backend's default. Ignored by
    /// other writes.
    pub propagation: Option<Propagation>,
    /// Seconds between the request for a deletion and the removal of the object. `None`: the backend's default. Ignored
    /// by other writes.
    pub grace_period_seconds: Option<i64>,
    /// Collects warnings about the write, and whether an apply created the object. `None`: they are discarded.
    pub remarks: Option<Remarks>,
}

impl WriteOptions {
    /// Returns the remarks of the options, or new remarks when there are none.
    pub fn remarks(&self) -> Remarks {
        self.remarks.clone().unwrap_or_default()
    }

    /// Returns a backend that applies these options to every write. Backends that support no options accept only the
    /// defaults.
    ///
    /// # Errors
    ///
    /// Returns the backend's error if it does not support the options.
    pub fn on<K: Resource, B: Backend<K>>(&self, backend: B) -> super::Result<B> {
        match &self.remarks {
            _ if *self != Self::default() => backend.with_options(self),
            Some(remarks) => Ok(backend.with_remarks(remarks)),
            None => Ok(backend),
        }
    }

    /// Adds a warning to the remarks, if there are any.
    #[doc(hidden)]
    pub fn warn(&self, text: &str) {
        if let Some(remarks) = &self.remarks {
            remarks.warnings().add(text);
        }
    }
}

impl PartialEq for WriteOptions {
    fn eq(&self, other: &Self) -> bool {
        let Self { effect, field_manager, field_validation, propagation, grace_period_seconds, remarks: _ } = self;
        *effect == other.effect
            && *field_manager == other.field_manager
            && *field_validation == other.field_validation
            && *propagation == other.propagation
            && *grace_period_seconds == other.grace_period_seconds
    }
}

impl Eq for WriteOptions {}

/// Effect of a deletion on the objects that the deleted object owns (`propagationPolicy`).
///
/// In a cluster the garbage collector carries it out. The memory backend has no garbage collector: it deletes the
/// object at once and leaves the objects that it owns unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Propagation {
    /// Owned objects stay.
    Orphan,
    /// Owned objects are deleted after the object.
    Background,
    /// Owned objects are deleted before the object.
    Foreground,
}

/// Whether a write is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effect {
    /// Stores the write.
    #[default]
    Store,
    /// Admits, checks and answers the write as usual, and stores nothing.
    DryRun,
}

/// Handling of fields that the kind does not declare, and of keys that occur twice (`fieldValidation`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldValidation {
    /// Drops the fields silently.
    Ignore,
    /// Drops the fields and returns a warning. Default of API servers.
    Warn,
    /// Refuses the write.
    Strict,
}

impl FieldValidation {
    /// Returns the value of the query parameter.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ignore => "Ignore",
            Self::Warn => "Warn",
            Self::Strict => "Strict",
        }
    }
}
