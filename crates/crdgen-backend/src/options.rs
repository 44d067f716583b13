//! Options of writes.

use crdgen_core::Resource;
use serde::{Deserialize, Serialize};

use super::{Backend, WriteReport};

/// Options of a write. The default stores the object and uses the server's default for everything else.
///
/// Comparison ignores `report`, which does not change the write.
#[derive(Clone, Debug, Default)]
pub struct WriteOptions {
    /// Whether the write is stored.
    pub effect: Effect,
    /// Name of the field manager of the write (`fieldManager`). The server records it in `managedFields`.
    pub field_manager: Option<String>,
    /// Handling of fields that the kind does not declare. `None`: the backend's default.
    pub field_validation: Option<FieldValidation>,
    /// Effect of a deletion on the objects that the deleted object owns. `None`: the backend's default. Writes other
    /// than deletions ignore this option.
    pub propagation: Option<Propagation>,
    /// Grace period of a deletion: seconds between the request and the removal of the object. `None`: the backend's
    /// default. Writes other than deletions ignore this option.
    pub grace_period_seconds: Option<i64>,
    /// Collector for warnings about the write, and for whether an apply created the object. `None`: this information is
    /// discarded.
    pub report: Option<WriteReport>,
}

impl WriteOptions {
    /// Returns a clone of `report`, or a new collector if `report` is `None`.
    pub fn report(&self) -> WriteReport {
        self.report.clone().unwrap_or_default()
    }

    /// Returns a backend that applies these options to every write. Backends that support no options accept only the
    /// defaults.
    ///
    /// # Errors
    ///
    /// Returns the backend's error if it does not support the options.
    pub fn on<K: Resource, B: Backend<K>>(&self, backend: B) -> super::Result<B> {
        match &self.report {
            _ if *self != Self::default() => backend.with_options(self),
            Some(report) => Ok(backend.with_report(report)),
            None => Ok(backend),
        }
    }

    /// Adds a warning to `report`, if it is set.
    #[doc(hidden)]
    pub fn warn(&self, text: &str) {
        if let Some(report) = &self.report {
            report.warnings().add(text);
        }
    }
}

impl PartialEq for WriteOptions {
    fn eq(&self, other: &Self) -> bool {
        let Self { effect, field_manager, field_validation, propagation, grace_period_seconds, report: _ } = self;
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
/// In a cluster, the garbage collector deletes the owned objects. The memory backend has no garbage collector: for
/// every policy, it deletes only the object itself, at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Propagation {
    /// Owned objects are not deleted.
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
    /// Runs admission and validation, answers as if the write was stored, and stores nothing.
    DryRun,
}

/// Handling of fields that the kind does not declare, and of duplicate keys (`fieldValidation`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldValidation {
    /// Drops the fields without a warning.
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
