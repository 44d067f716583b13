//! Levels of rules, from `[lint]` of a config and from the command line.

use std::collections::BTreeMap;

use super::{Rule, Setting, rules};

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
