//! The rules, one file for each subject.

mod columns;
mod conditions;
mod expressions;
mod lists;
mod names;
mod status;
mod strings;
mod types;
mod values;
mod versions;

use super::Rule;

/// Rules of one subject.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// Noun phrase for a heading.
    pub title: &'static str,
    /// Rules, sorted by id.
    pub rules: &'static [Rule],
}

/// All rules by subject.
pub const GROUPS: [Group; 10] = [
    Group { title: "Types", rules: types::RULES },
    Group { title: "Strings", rules: strings::RULES },
    Group { title: "Lists and maps", rules: lists::RULES },
    Group { title: "Values and defaults", rules: values::RULES },
    Group { title: "Names", rules: names::RULES },
    Group { title: "CEL rules", rules: expressions::RULES },
    Group { title: "Status", rules: status::RULES },
    Group { title: "Conditions", rules: conditions::RULES },
    Group { title: "Printer columns", rules: columns::RULES },
    Group { title: "Versions", rules: versions::RULES },
];

/// Returns the rules of all groups.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    GROUPS.iter().flat_map(|group| group.rules)
}

/// Returns the rule with an id, for example `float`.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id() == id)
}
