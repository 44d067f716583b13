//! Questions under way: one that is asked again before it is answered is not asked twice.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, WeakShared};

/// A question under way. It goes on as long as somebody waits for the answer.
pub(super) type Flight<V> = Shared<BoxFuture<'static, V>>;

/// The questions under way.
pub(super) struct Flights<K, V>(Mutex<HashMap<K, WeakShared<BoxFuture<'static, V>>>>);

impl<K, V> Default for Flights<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Flights<K, V> {
    /// Returns the question of this key, and asks it if it is not under way.
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
        // One that is answered is asked again; one that nobody waits for is forgotten.
        answer.notify_one();
        assert_eq!(ask(1).await, 1);
        answer.notify_one();
        assert_eq!(ask(2).await, 2);
        drop(ask(3));
        assert_eq!(flights.0.lock().unwrap().len(), 1);
    }
}
