//! What was found out lately, of bounded number and age.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lru::LruCache;
use tokio::time::Instant;

/// A SHA-256: what is remembered takes the same space whatever was asked.
pub(super) type Digest = [u8; 32];

/// Entries, each of a few hundred bytes at most.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(4096).expect("not zero");

/// What was found out lately. The entry that was not asked for the longest makes room.
pub(super) struct Memo<V> {
    entries: Mutex<LruCache<Digest, (V, Instant)>>,
    lifetime: Duration,
}

impl<V: Clone> Memo<V> {
    pub(super) fn new(lifetime: Duration) -> Self {
        Self { entries: Mutex::new(LruCache::new(CAPACITY)), lifetime }
    }

    pub(super) fn get(&self, key: &Digest) -> Option<V> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let (value, since) = entries.get(key)?;
        if since.elapsed() < self.lifetime {
            return Some(value.clone());
        }
        entries.pop(key);
        None
    }

    pub(super) fn put(&self, key: Digest, value: V) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).put(key, (value, Instant::now()));
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
    }
}
