//! Order of versions.

use std::cmp::Reverse;

/// Sort key of a version.
pub(crate) type Order = (Reverse<(Stability, u64, u64)>, String);

/// Stability of a version, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stability {
    Other,
    Alpha,
    Beta,
    Stable,
}

/// Returns a key by which versions are sorted as Kubernetes sorts them: `v2`, `v1`, `v1beta2`, `v1alpha1`, `other`.
pub(crate) fn order(version: &str) -> Order {
    (Reverse(priority(version).unwrap_or((Stability::Other, 0, 0))), version.to_owned())
}

fn priority(version: &str) -> Option<(Stability, u64, u64)> {
    let rest = version.strip_prefix('v')?;
    let (major, rest) = rest.split_at(rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len()));
    let major = major.parse().ok()?;
    for (word, stability) in [("alpha", Stability::Alpha), ("beta", Stability::Beta)] {
        if let Some(minor) = rest.strip_prefix(word) {
            return Some((stability, major, minor.parse().ok()?));
        }
    }
    rest.is_empty().then_some((Stability::Stable, major, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stable_versions_are_first_and_newer_ones_before_older_ones() {
        let mut versions = ["foo", "v1alpha1", "v1", "v1beta10", "v2", "v1beta2", "v2alpha1"];
        versions.sort_by_key(|version| order(version));
        assert_eq!(versions, ["v2", "v1", "v1beta10", "v1beta2", "v2alpha1", "v1alpha1", "foo"]);
    }
}
