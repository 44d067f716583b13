//! Lengths of names, and names that end in a number which crdgen added.

use crdgen_model::Model;
use serde::Serialize;

/// Names of all generated types, each with the path of its first place.
#[derive(Default)]
pub struct Names(Vec<Name>);

struct Name {
    text: String,
    path: String,
    numbered: bool,
}

/// Lengths in characters. A percentile is the shortest length that this percentage of the names does not
/// exceed.
#[derive(Default, Serialize)]
pub struct Figures {
    name_p50: usize,
    name_p90: usize,
    name_p98: usize,
    name_max: usize,
    /// Number of names with a number that crdgen added: see [`is_numbered`].
    pub numbered: usize,
    over60: usize,
    over90: usize,
}

/// Longest names of each class.
const CLASSES: [usize; 7] = [10, 20, 30, 40, 50, 60, 90];
const SHOWN: usize = 5;

impl Names {
    /// Adds the names of a model.
    pub fn add(&mut self, model: &Model) {
        self.0.extend(model.types.iter().map(|def| Name {
            text: def.name.clone(),
            path: def.path.clone(),
            numbered: is_numbered(&def.name, &def.path),
        }));
    }

    /// Adds the names of another collection.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Figures for programs.
    pub fn figures(&self) -> Figures {
        let mut lengths: Vec<usize> = self.0.iter().map(|name| name.text.len()).collect();
        lengths.sort_unstable();
        let percentile = |percent: usize| {
            let rank = (lengths.len() * percent).div_ceil(100);
            rank.checked_sub(1).map_or(0, |index| lengths[index])
        };
        let over = |longest: usize| lengths.iter().filter(|length| **length > longest).count();
        Figures {
            name_p50: percentile(50),
            name_p90: percentile(90),
            name_p98: percentile(98),
            name_max: percentile(100),
            numbered: self.0.iter().filter(|name| name.numbered).count(),
            over60: over(60),
            over90: over(90),
        }
    }

    /// Prints the table of lengths, the longest names, and the names with a number that crdgen added.
    pub fn print(&self) {
        let figures = self.figures();
        println!("\n{:>9}  {:>7}  {:>6}", "length", "names", "share");
        let mut shortest = 1;
        for longest in CLASSES.into_iter().map(Some).chain([None]) {
            self.print_class(shortest, longest);
            shortest = longest.map_or(shortest, |longest| longest + 1);
        }
        println!(
            "half of the names have at most {} characters, 90 % {}, 98 % {}, all {}; {} end in a number of ours",
            figures.name_p50, figures.name_p90, figures.name_p98, figures.name_max, figures.numbered
        );
        let mut names: Vec<&Name> = self.0.iter().collect();
        names.sort_by_key(|name| (std::cmp::Reverse(name.text.len()), &name.text, &name.path));
        names.dedup_by_key(|name| (&name.text, &name.path));
        println!("the longest:");
        names.iter().take(SHOWN).for_each(|name| name.print());
        if figures.numbered > 0 {
            println!("NUMBERED:");
            names.iter().filter(|name| name.numbered).for_each(|name| name.print());
        }
    }

    fn print_class(&self, shortest: usize, longest: Option<usize>) {
        let within = |name: &&Name| name.text.len() >= shortest && longest.is_none_or(|most| name.text.len() <= most);
        let count = self.0.iter().filter(within).count();
        let share = 100.0 * count as f64 / self.0.len().max(1) as f64;
        let class = longest.map_or(format!("over {}", shortest - 1), |longest| format!("{shortest}-{longest}"));
        println!("{class:>9}  {count:>7}  {share:>5.1}%");
    }
}

impl Name {
    fn print(&self) {
        println!("  {:>3} {}  {}", self.text.len(), self.text, self.path);
    }
}

/// Returns whether a name ends in a number that the CRD does not write. Such a name ends in digits, and the
/// last word of the type's path does not end in them. That word is the property, or the kind for a root,
/// without symbols and with or without the `s` of a plural.
fn is_numbered(name: &str, path: &str) -> bool {
    let digits = trailing_digits(name);
    let last = path.rsplit('.').next().unwrap_or_default();
    let word: String = last.chars().filter(char::is_ascii_alphanumeric).collect();
    !digits.is_empty() && !word.ends_with(digits) && !word.trim_end_matches('s').ends_with(digits)
}

fn trailing_digits(name: &str) -> &str {
    &name[name.trim_end_matches(|c: char| c.is_ascii_digit()).len()..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_ours_unless_the_crd_ends_in_it() {
        for (name, path) in [("Run2", "Run.spec"), ("RunStep1", "Run.spec.steps[]"), ("Foo21", "Foo.spec.x1")] {
            assert!(is_numbered(name, path), "{name}");
        }
        for (name, path) in
            [("RunSpec", "Run.spec"), ("RunS3", "Run.spec.s3"), ("Run2", "Run2"), ("RunV1", "Run.v1s[]")]
        {
            assert!(!is_numbered(name, path), "{name}");
        }
    }

    #[test]
    fn percentiles_are_lengths_that_names_have() {
        let names = (1..=10).map(|length| Name { text: "x".repeat(length), path: String::new(), numbered: false });
        let figures = Names(names.collect()).figures();
        assert_eq!((figures.name_p50, figures.name_p90, figures.name_p98, figures.name_max), (5, 9, 10, 10));
        assert_eq!(Names::default().figures().name_max, 0);
    }
}
