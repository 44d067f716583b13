//! A sample that stays the same when unrelated lines of a file change.

use std::collections::BTreeMap;

use serde::Deserialize;
use sha2::{Digest, Sha256};

/// A mutant as `cargo mutants --list --json` shows it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Mutant {
    /// File, line, column and change, such as `src/a.rs:7:9: replace f with ()`.
    pub name: String,
    /// Path of the file in the workspace.
    pub file: String,
}

impl Mutant {
    /// Returns the name without line and column.
    fn change(&self) -> String {
        let place = self.name.strip_prefix(&self.file).unwrap_or(&self.name);
        let change = place.split_once(": ").map_or(place, |(_, change)| change);
        format!("{}: {change}", self.file)
    }
}

/// Returns `count` of the mutants, or all if there are fewer. The hash of the seed and a mutant's change decides, and the
/// number among equal changes of the same file.
pub fn of(mutants: Vec<Mutant>, count: usize, seed: u64) -> Vec<Mutant> {
    let mut equal: BTreeMap<String, u64> = BTreeMap::new();
    let mut ranked = Vec::new();
    for mutant in mutants {
        let change = mutant.change();
        let number = equal.entry(change.clone()).or_default();
        *number += 1;
        let hash =
            Sha256::new().chain_update(seed.to_le_bytes()).chain_update(number.to_le_bytes()).chain_update(change);
        ranked.push((hash.finalize(), mutant));
    }
    ranked.sort_by_key(|(hash, _)| *hash);
    ranked.into_iter().take(count).map(|(_, mutant)| mutant).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mutants(first_line: usize) -> Vec<Mutant> {
        let name = |line| format!("src/a.rs:{}:5: replace f{} with ()", first_line + line, line % 7);
        (0..50).map(|line| Mutant { name: name(line), file: "src/a.rs".to_owned() }).collect()
    }

    fn changes(sample: &[Mutant]) -> Vec<String> {
        sample.iter().map(Mutant::change).collect()
    }

    #[test]
    fn lines_that_move_change_no_sample() {
        let (one, other) = (of(mutants(1), 10, 1), of(mutants(300), 10, 1));
        assert_ne!(one, other);
        assert_eq!(changes(&one), changes(&other));
    }

    #[test]
    fn a_seed_chooses() {
        assert_ne!(of(mutants(1), 10, 1), of(mutants(1), 10, 2));
        assert_eq!(of(mutants(1), 100, 1).len(), 50);
    }
}
