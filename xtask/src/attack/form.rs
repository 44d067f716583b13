//! Extent of the attacks, and the storage of the attacked service.

use std::time::Duration;

/// Storage of the attacked service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    #[default]
    Memory,
    /// An API server that is started for the attacks.
    Server,
}

/// Extent of the attacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Short,
    Full,
}

impl Form {
    /// Returns the duration of an attack that has no end of its own.
    pub fn time(self) -> Duration {
        match self {
            Self::Short => Duration::from_secs(1),
            Self::Full => Duration::from_secs(6),
        }
    }

    /// Returns the time within which small requests must be answered. A debug build takes several times as
    /// long for everything.
    pub fn soon(self) -> Duration {
        match self {
            Self::Short => Duration::from_secs(1),
            Self::Full => Duration::from_millis(50),
        }
    }
}
