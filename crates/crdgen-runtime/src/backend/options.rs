//! How a write is done, whatever it writes.

use serde::{Deserialize, Serialize};

use super::Remarks;

/// How writes are done. The default stores, and lets the server choose the rest. Two are equal that do the same, whoever
/// hears of it.
#[derive(Clone, Debug, Default)]
pub struct WriteOptions {
    /// Whether anything is stored.
    pub effect: Effect,
    /// Who writes, as managed fields have it.
    pub field_manager: Option<String>,
    /// What becomes of fields that the kind does not declare.
    pub field_validation: Option<FieldValidation>,
    /// What a deletion does to the objects that the deleted one owns; the backend's choice if absent. Other writes ignore it.
    pub propagation: Option<Propagation>,
    /// Seconds that a deletion leaves the object; the backend's choice if absent. Other writes ignore it.
    pub grace_period_seconds: Option<i64>,
    /// Where the backend says what there is to say beside the outcome; it says nothing if absent.
    pub remarks: Option<Remarks>,
}

impl WriteOptions {
    /// What is said of writes that are done so.
    pub fn remarks(&self) -> Remarks {
        self.remarks.clone().unwrap_or_default()
    }

    /// Warns whoever hears of the write.
    #[cfg(feature = "memory")]
    pub(crate) fn warn(&self, text: &str) {
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

/// What deleting an object does to the objects that it owns (`propagationPolicy`).
///
/// The garbage collector of a cluster carries this out. The memory backend has none: it deletes the object at once and leaves
/// all others alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Propagation {
    /// They stay.
    Orphan,
    /// They are deleted afterwards.
    Background,
    /// They are deleted first.
    Foreground,
}

/// Whether a write is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effect {
    /// It is.
    #[default]
    Store,
    /// It is admitted, checked and answered as if it were.
    DryRun,
}

/// What becomes of fields that the kind does not declare, and of keys that come twice (`fieldValidation`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldValidation {
    /// They are dropped.
    Ignore,
    /// They are dropped, and the answer warns of them: what servers do when they are told nothing.
    Warn,
    /// The write is refused.
    Strict,
}

impl FieldValidation {
    /// As it stands in a query.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ignore => "Ignore",
            Self::Warn => "Warn",
            Self::Strict => "Strict",
        }
    }
}
