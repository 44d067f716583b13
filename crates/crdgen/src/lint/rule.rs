//! Rule and the function that checks it.

use super::{Hits, Place, Setting, Subject};
use crate::codes::entry::Entry;

/// A rule of `crdgen lint`.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Code (`lint::` and the id), title, cause and help.
    pub entry: Entry,
    /// Level of the rule unless a project sets another one.
    pub default: Setting,
    /// Checks of other tools that the rule covers, for example `kube-api-linter nofloats`.
    pub covers: &'static [&'static str],
    /// Function that checks the rule.
    pub check: Check,
}

impl Rule {
    /// Returns the id of the rule as a config names it, for example `float`.
    pub fn id(&self) -> &'static str {
        self.entry.code.trim_start_matches("lint::")
    }
}

/// Function that checks a rule, by the part of a CRD that it reads.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// Called for every version.
    Version(fn(&Subject<'_>, &mut Hits)),
    /// Called for every schema node of every version.
    Place(fn(&Place<'_>, &mut Hits)),
}
