//! Levels of rules, from `[lint]` of a config and from the command line.

use std::collections::BTreeMap;
use std::str::FromStr;

use crdgen_schema::Severity;
use serde::Deserialize;

use super::{Rule, rules};
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

/// Levels that a project sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Level of every rule that has no level of its own in `rules`.
    all: Option<Setting>,
    /// Level by the id of a rule.
    rules: BTreeMap<String, Setting>,
}

impl Settings {
    /// Key that sets the level of all rules.
    pub const ALL: &str = "all";

    /// Sets the level of a rule, or of [`ALL`](Self::ALL). Returns whether there is such a rule.
    pub fn set(&mut self, id: &str, setting: Setting) -> bool {
        if id == Self::ALL {
            self.all = Some(setting);
            return true;
        }
        let id = id.trim_start_matches("lint::");
        let is_known = rules::find(id).is_some();
        if is_known {
            self.rules.insert(id.to_owned(), setting);
        }
        is_known
    }

    /// Returns the level of a rule.
    pub fn of(&self, rule: &Rule) -> Setting {
        self.rules.get(rule.id()).copied().or(self.all).unwrap_or(rule.default)
    }
}
