//! How a write is done, whatever it writes.

/// How writes are done. The default stores, and lets the server choose the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// Whether anything is stored.
    pub effect: Effect,
    /// Who writes, as managed fields have it.
    pub field_manager: Option<String>,
    /// What becomes of fields that the kind does not declare.
    pub field_validation: Option<FieldValidation>,
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
