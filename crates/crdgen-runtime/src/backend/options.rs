//! How a write is done, whatever it writes.

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
        let Self { effect, field_manager, field_validation, remarks: _ } = self;
        *effect == other.effect && *field_manager == other.field_manager && *field_validation == other.field_validation
    }
}

impl Eq for WriteOptions {}

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
