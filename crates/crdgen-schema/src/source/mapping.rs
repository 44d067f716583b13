//! Mapping under construction: keys in source order, each once.

use std::collections::HashMap;
use std::mem;
use std::sync::Arc;

use super::Source;
use crate::node::Entry;
use crate::{Diagnostic, Span};

/// Number of entries from which keys are found by hash.
const INDEXED: usize = 32;

/// Origin of an entry in a mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Written in the mapping.
    Written,
    /// Merged by `<<`.
    Merged,
}

/// Entries so far.
#[derive(Default)]
pub(super) struct Mapping {
    entries: Vec<Entry>,
    /// Origin of each entry.
    origins: Vec<Origin>,
    /// Position of each key, once there are [`INDEXED`] of them.
    index: HashMap<String, usize>,
}

impl Mapping {
    /// Inserts an entry. An entry of the same key is replaced in its position. If both were written in the mapping,
    /// which must be a mistake, the replaced one is returned.
    pub(super) fn insert(&mut self, entry: Entry, origin: Origin) -> Option<Entry> {
        let Some(at) = self.position(&entry.key) else {
            self.push(entry, origin);
            return None;
        };
        let first = mem::replace(&mut self.entries[at], entry);
        let before = mem::replace(&mut self.origins[at], origin);
        (before == Origin::Written && origin == Origin::Written).then_some(first)
    }

    /// Returns the entries in order.
    pub(super) fn into_entries(self) -> Vec<Entry> {
        self.entries
    }

    fn position(&self, key: &str) -> Option<usize> {
        match self.entries.len() < INDEXED {
            true => self.entries.iter().position(|entry| entry.key == key),
            false => self.index.get(key).copied(),
        }
    }

    fn push(&mut self, entry: Entry, origin: Origin) {
        self.entries.push(entry);
        self.origins.push(origin);
        let known = if self.entries.len() < INDEXED { return } else { self.index.len() };
        for (at, entry) in self.entries.iter().enumerate().skip(known) {
            self.index.insert(entry.key.clone(), at);
        }
    }
}

/// Key that occurs twice in a mapping.
pub(super) struct RepeatedKey {
    pub(super) key: String,
    pub(super) first: Span,
    pub(super) last: Span,
}

impl RepeatedKey {
    /// Returns the warning about the key.
    pub(super) fn diagnostic(self, source: &Arc<Source>) -> Diagnostic {
        Diagnostic::warning("source::duplicate-key", format!("the key `{}` occurs twice in one mapping", self.key))
            .at(source, self.last)
            .help(format!("the last one is used, as in kubectl; remove the one in line {}", self.first.line))
    }
}

/// Key that no object may have.
pub(super) struct PrivateKey {
    pub(super) key: String,
    pub(super) span: Span,
}

impl PrivateKey {
    /// Returns the error about the key.
    pub(super) fn diagnostic(self, source: &Arc<Source>) -> Diagnostic {
        Diagnostic::error("source::private-key", format!("the key `{}` is reserved", self.key))
            .at(source, self.span)
            .help("serde_json, the JSON library of Rust, gives this key a special meaning: use another name")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Node, Span, Value};

    #[test]
    fn the_last_of_two_equal_keys_wins_in_the_place_of_the_first_however_many_keys_there_are() {
        for size in [1, INDEXED - 1, INDEXED, INDEXED + 1, 100] {
            let mut mapping = Mapping::default();
            let entry = |key: usize, value| Entry {
                key: key.to_string(),
                span: Span::default(),
                value: Node { value: Value::Int(value), span: Span::default() },
            };
            for key in 0..size {
                assert_eq!(mapping.insert(entry(key, 0), Origin::Written), None);
            }
            for key in 0..size {
                assert_eq!(mapping.insert(entry(key, 1), Origin::Written), Some(entry(key, 0)));
            }
            assert_eq!(mapping.into_entries(), (0..size).map(|key| entry(key, 1)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn overriding_a_merged_key_is_no_repetition() {
        let mut mapping = Mapping::default();
        let entry = |value| Entry {
            key: "key".to_owned(),
            span: Span::default(),
            value: Node { value: Value::Int(value), span: Span::default() },
        };
        assert_eq!(mapping.insert(entry(0), Origin::Merged), None);
        assert_eq!(mapping.insert(entry(1), Origin::Written), None);
        assert_eq!(mapping.insert(entry(2), Origin::Merged), None);
        assert_eq!(mapping.into_entries(), [entry(2)]);
    }
}
