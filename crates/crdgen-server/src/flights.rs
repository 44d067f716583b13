//! Deduplication of concurrent calls: calls with the same key share one future.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, WeakShared};

/// Shared future. It runs as long as somebody waits for its result.
pub(super) type Flight<V> = Shared<BoxFuture<'static, V>>;

/// Futures that are running, by key.
pub(super) struct Flights<K, V>(Mutex<HashMap<K, WeakShared<BoxFuture<'static, V>>>>);

impl<K, V> Default for Flights<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Flights<K, V> {
    /// Returns the running future of `key`. If there is none, returns `ask` and registers it under `key`.
    pub(super) fn join(&self, key: K, ask: impl Future<Output = V> + Send + 'static) -> Flight<V> {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = flights.get(&key).and_then(WeakShared::upgrade) {
            return flight;
        }
        flights.retain(|_, flight| flight.upgrade().is_some());
        let flight = ask.boxed().shared();
        flights.extend(flight.downgrade().map(|weak| (key, weak)));
        flight
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn a_question_is_asked_once_at_a_time() {
        let (asked, answer) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let flights = Flights::default();
        let ask = |key: u8| {
            let (asked, answer) = (asked.clone(), answer.clone());
            flights.join(key, async move {
                let number = asked.fetch_add(1, Ordering::Relaxed);
                answer.notified().await;
                number
            })
        };
        let (first, same) = (ask(1), ask(1));
        drop(ask(2));
        answer.notify_one();
        assert_eq!(tokio::join!(first, same), (0, 0));
        // A completed future is started again for the next call. A future that nobody waits for is removed.
        answer.notify_one();
        assert_eq!(ask(1).await, 1);
        answer.notify_one();
        assert_eq!(ask(2).await, 2);
        drop(ask(3));
        assert_eq!(flights.0.lock().unwrap().len(), 1);
    }
}
