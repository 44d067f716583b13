//! Results by text. A description or a pattern occurs in several targets, in both forms of a type, and often in several
//! CRDs.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

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

/// Results that all threads share.
pub type Shared<K, V> = LazyLock<Mutex<Memo<K, V>>>;

/// Returns the known result for `key`, or computes it. `bytes` is the length of the text.
pub fn known_or<K: Eq + Hash, V: Clone>(memo: &Shared<K, V>, key: K, bytes: usize, compute: impl FnOnce(&K) -> V) -> V {
    if let Some(known) = lock(memo).results.get(&key).cloned() {
        return known;
    }
    let result = compute(&key);
    let mut memo = lock(memo);
    if memo.bytes + bytes > MOST {
        *memo = Memo::default();
    }
    memo.bytes += bytes;
    memo.results.insert(key, result.clone());
    result
}

fn lock<K, V>(memo: &Shared<K, V>) -> MutexGuard<'_, Memo<K, V>> {
    memo.lock().unwrap_or_else(PoisonError::into_inner)
}
