//! Codes of diagnostics, each with a title, its cause and what to do.
//!
//! `crdgen explain` prints an entry, and the reference of the book lists them all.

mod cel;
mod comparison;
mod crd;
mod defects;
pub(crate) mod entry;
mod inputs;
mod objects;
mod outputs;
mod schema;
mod settings;
mod tools;

use crate::lint::rules;

pub use entry::{Entry, Group};

/// All codes by group, in the order in which a run may report them.
pub const GROUPS: [Group; 10] = [
    inputs::GROUP,
    crd::GROUP,
    schema::GROUP,
    cel::GROUP,
    settings::GROUP,
    outputs::GROUP,
    objects::GROUP,
    comparison::GROUP,
    tools::GROUP,
    defects::GROUP,
];

/// Returns the entries of all groups, and those of the rules of `crdgen lint`.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    GROUPS.iter().flat_map(|group| group.entries).chain(rules::all().map(|rule| &rule.entry))
}

/// Returns the entry of a code.
///
/// # Examples
///
/// ```
/// let entry = crdgen::codes::find("source::yaml").unwrap();
/// assert_eq!(entry.title, "A file is not valid YAML");
/// assert!(crdgen::codes::find("source::yml").is_none());
/// ```
pub fn find(code: &str) -> Option<&'static Entry> {
    all().find(|entry| entry.code == code)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_group_is_sorted() {
        for Group { title, entries } in GROUPS {
            assert!(entries.is_sorted_by(|a, b| a.code < b.code), "{title}");
        }
    }

    /// Crates that make diagnostics.
    const CRATES: [&str; 3] = ["crdgen", "crdgen-build", "crdgen-schema"];

    /// The table has every code in the sources of the crates, and no other code.
    #[test]
    fn the_table_has_the_codes_of_the_sources() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut used = BTreeSet::new();
        for name in CRATES {
            collect(&crates.join(name).join("src"), &mut used);
        }
        let known: BTreeSet<String> = all().map(|entry| entry.code.to_owned()).collect();
        let missing: Vec<_> = used.difference(&known).collect();
        let idle: Vec<_> = known.difference(&used).collect();
        assert!(missing.is_empty() && idle.is_empty(), "no entry: {missing:?}; not used: {idle:?}");
    }

    /// Adds the codes of every source file below a folder, except for this table and tests.
    fn collect(folder: &Path, used: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            match path.is_dir() {
                _ if matches!(name.as_str(), "codes" | "tests") => {}
                true => collect(&path, used),
                false => codes_in(&fs::read_to_string(&path).unwrap(), used),
            }
        }
    }

    fn codes_in(source: &str, used: &mut BTreeSet<String>) {
        let code = source.split("#[cfg(test)]").next().unwrap();
        // `schema_with = "schema::versions"` names a function.
        for line in code.lines().filter(|line| !line.contains("schema_with")) {
            used.extend(line.split('"').skip(1).step_by(2).filter(|text| is_code(text)).map(str::to_owned));
        }
    }

    fn is_code(text: &str) -> bool {
        let is_word = |word: &str| {
            word.starts_with(|letter: char| letter.is_ascii_lowercase())
                && word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
        };
        text.split_once("::").is_some_and(|(group, name)| is_word(group) && is_word(name))
    }
}
