//! Cache of the API server's answers, with a limited number and age.

use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lru::LruCache;
use tokio::time::Instant;

/// SHA-256 digest of a question: keys have one size.
pub(super) type Digest = [u8; 32];

/// Number of entries, each of a few hundred bytes at most.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(4096).expect("not zero");

/// Cache of answers. The least recently used answer is evicted first.
pub(super) struct Memo<V> {
    entries: Mutex<LruCache<Digest, (V, Instant)>>,
    lifetime: Duration,
}

impl<V: Clone> Memo<V> {
    pub(super) fn new(lifetime: Duration) -> Self {
        Self { entries: Mutex::new(LruCache::new(CAPACITY)), lifetime }
    }

    /// Returns the answer if it has not expired.
    pub(super) fn get(&self, key: &Digest) -> Option<V> {
        let mut entries = self.entries();
        let (value, since) = entries.get(key)?;
        (since.elapsed() < self.lifetime).then(|| value.clone())
    }

    /// Returns whether there is an answer, expired or not.
    pub(super) fn has_had(&self, key: &Digest) -> bool {
        self.entries().contains(key)
    }

    pub(super) fn put(&self, key: Digest, value: V) {
        self.entries().put(key, (value, Instant::now()));
    }

    pub(super) fn forget(&self, key: &Digest) {
        self.entries().pop(key);
    }

    fn entries(&self) -> MutexGuard<'_, LruCache<Digest, (V, Instant)>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_bounded_in_number_and_age() {
        let memo = Memo::new(Duration::from_secs(3600));
        let key = |index: usize| {
            let mut key = [0; 32];
            key[..8].copy_from_slice(&index.to_le_bytes());
            key
        };
        for index in 0..=CAPACITY.get() {
            memo.put(key(index), index);
        }
        assert_eq!(memo.get(&key(0)), None);
        assert_eq!(memo.get(&key(CAPACITY.get())), Some(CAPACITY.get()));

        let short = Memo::new(Duration::ZERO);
        short.put(key(1), ());
        assert_eq!(short.get(&key(1)), None);
        assert!(short.has_had(&key(1)));
        short.forget(&key(1));
        assert!(!short.has_had(&key(1)));
    }
}
