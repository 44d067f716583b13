//! Results by text. A description occurs in several targets, in both forms of a type, and often in several CRDs.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::Hash;
use std::thread::LocalKey;

/// Results of a function whose argument is a text. They are forgotten when their texts become too long together.
pub struct Memo<K, V> {
    results: HashMap<K, V>,
    bytes: usize,
}

/// Maximum length of all texts together, in bytes.
const MOST: usize = 4 << 20;

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self { results: HashMap::new(), bytes: 0 }
    }
}

/// Returns the known result for `key`, or computes it. `bytes` is the length of the text.
pub fn known_or<K: Eq + Hash, V: Clone>(
    memo: &'static LocalKey<RefCell<Memo<K, V>>>,
    key: K,
    bytes: usize,
    compute: impl FnOnce(&K) -> V,
) -> V {
    if let Some(known) = memo.with_borrow(|memo| memo.results.get(&key).cloned()) {
        return known;
    }
    let result = compute(&key);
    memo.with_borrow_mut(|memo| {
        if memo.bytes + bytes > MOST {
            *memo = Memo::default();
        }
        memo.bytes += bytes;
        memo.results.insert(key, result.clone());
    });
    result
}
