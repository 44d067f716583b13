//! Level of a rule.

use std::str::FromStr;

use crdgen_schema::Severity;
use serde::Deserialize;

use crate::report::Level;

/// Level of a rule in a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema, serde::Serialize))]
#[serde(rename_all = "lowercase")]
pub enum Setting {
    /// Findings are errors.
    Error,
    /// Findings are warnings.
    Warn,
    /// Not checked.
    Off,
}

impl Setting {
    /// Returns the level of findings; `None` if the rule is off.
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Error => Some(Level::Error),
            Self::Warn => Some(Level::Warning),
            Self::Off => None,
        }
    }

    /// Returns the severity of diagnostics; `None` if the rule is off.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warn => Some(Severity::Warning),
            Self::Off => None,
        }
    }

    /// Returns the word of a config: `error`, `warn` or `off`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Off => "off",
        }
    }
}

impl FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let all = [Self::Error, Self::Warn, Self::Off];
        let found = all.into_iter().find(|setting| setting.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is no level: write `error`, `warn` or `off`"))
    }
}
