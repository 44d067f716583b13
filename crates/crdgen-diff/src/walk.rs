//! Walks over two CRDs in lockstep. Every field of a CRD and of a schema is compared: the compiler refuses a pattern
//! that leaves a field out.

mod crd;
mod part;
mod schema;
mod version;

use std::collections::HashSet;
use std::hash::Hash;

pub(crate) use crd::{added, removed, same};
pub(crate) use schema::rules::condensed;
pub(crate) use schema::schemas;
pub(crate) use version::same as versions;

/// Returns the items that only one of the lists has, each once, in order: of the old list, then of the new list.
fn only<'s, T: Eq + Hash>(old: &'s [T], new: &'s [T]) -> (Vec<&'s T>, Vec<&'s T>) {
    let without = |these: &'s [T], those: &'s [T]| {
        let mut seen: HashSet<&T> = those.iter().collect();
        these.iter().filter(|item| seen.insert(item)).collect()
    };
    (without(old, new), without(new, old))
}
