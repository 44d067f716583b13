//! Suggestions for misspelled names.

use std::collections::BTreeSet;

const SHOWN: usize = 3;
const ALIKE: f64 = 0.6;

/// Returns up to three texts of `there` that are similar to `wanted`, the most similar first. Only the texts with as
/// many dots as `wanted` are compared, since comparing is slow; the others are compared if none of those is similar.
pub fn nearest<'a>(wanted: &str, there: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let there: BTreeSet<&str> = there.collect();
    let steps = |text: &str| text.matches('.').count();
    let (same, others): (Vec<&str>, Vec<&str>) = there.into_iter().partition(|text| steps(text) == steps(wanted));
    let near = most_alike(wanted, &same);
    if near.is_empty() { most_alike(wanted, &others) } else { near }
}

fn most_alike<'a>(wanted: &str, there: &[&'a str]) -> Vec<&'a str> {
    let wanted = wanted.to_lowercase();
    let likeness = |text: &&'a str| (strsim::normalized_damerau_levenshtein(&wanted, &text.to_lowercase()), *text);
    let mut near: Vec<(f64, &str)> = there.iter().map(likeness).filter(|(likeness, _)| *likeness >= ALIKE).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    near.into_iter().take(SHOWN).map(|(_, text)| text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_alike_come_first() {
        let there = ["Run.spec.tasks", "Run.spec.taints", "Run.status", "Run.spec"];
        assert_eq!(nearest("Run.spec.taks", there.into_iter()), ["Run.spec.tasks", "Run.spec.taints"]);
        assert!(nearest("Other", there.into_iter()).is_empty());
        assert_eq!(nearest("JSONPath", ["jsonPath", "type"].into_iter()), ["jsonPath"], "whatever its case");
    }
}
