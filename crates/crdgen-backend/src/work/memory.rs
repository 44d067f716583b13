//! Memory for decoded JSON, which the requests of a server share.
//!
//! Decoded JSON can take 25 times the memory of its text: `{}` and a comma become a value of 72 bytes. A request holds
//! its decoded objects while it waits, for a thread or for an API server. So a request reserves memory for its largest
//! text before the text is decoded, and keeps it until the head of its answer is made.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes of text that a permit stands for.
const UNIT: usize = 1 << 10;

tokio::task_local! {
    /// Reservation of the request that the current task serves.
    static RESERVATION: Arc<Reservation>;
}

/// Memory for decoded JSON, counted in bytes of text.
#[derive(Clone, Debug)]
pub struct Memory {
    permits: Arc<Semaphore>,
    total: u32,
}

impl Memory {
    /// Creates memory for `bytes` bytes of text.
    pub fn new(bytes: usize) -> Self {
        let total = units(bytes).max(1);
        Self { permits: Arc::new(Semaphore::new(total as usize)), total }
    }

    /// Runs a request, which reserves from this memory. The reservation ends with the request.
    pub async fn around<F: Future>(&self, request: F) -> F::Output {
        let reservation = Reservation { memory: self.clone(), held: Mutex::default() };
        RESERVATION.scope(Arc::new(reservation), request).await
    }
}

fn units(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX).min(u32::MAX >> 3)
}

/// Memory that a request has reserved.
#[derive(Debug)]
struct Reservation {
    memory: Memory,
    held: Mutex<Option<OwnedSemaphorePermit>>,
}

/// Reserves memory for a text of `bytes` bytes, and waits until there is enough. Only the largest text of a request
/// counts. A request that holds memory already gets more without waiting, because requests that hold memory and wait for
/// more could wait for each other. Outside of a request, and for `usize::MAX`, nothing is reserved.
pub(super) async fn take(bytes: usize) {
    if bytes == usize::MAX {
        return;
    }
    if let Ok(reservation) = RESERVATION.try_with(Arc::clone) {
        reservation.take(bytes).await;
    }
}

impl Reservation {
    async fn take(&self, bytes: usize) {
        let wanted = units(bytes).min(self.memory.total);
        let permits = Arc::clone(&self.memory.permits);
        if self.grow(wanted) {
            return;
        }
        // The semaphore is never closed.
        let permit = permits.acquire_many_owned(wanted).await.ok();
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = permit;
    }

    /// Adds to what is held, as far as there is something. Returns false if nothing is held.
    fn grow(&self, wanted: u32) -> bool {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(held) = &mut *held else { return false };
        let more = wanted.saturating_sub(u32::try_from(held.num_permits()).unwrap_or(u32::MAX));
        if let Ok(more) = Arc::clone(&self.memory.permits).try_acquire_many_owned(more) {
            held.merge(more);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn a_request_waits_until_others_have_given_their_memory_back() {
        let memory = Memory::new(100 << 10);
        let first = memory.around(async {
            take(60 << 10).await;
            let second = memory.around(take(50 << 10));
            assert!(timeout(SOON, second).await.is_err());
            memory.around(take(40 << 10)).await;
        });
        first.await;
        memory.around(take(100 << 10)).await;
    }

    #[tokio::test]
    async fn the_largest_text_of_a_request_counts_and_growing_does_not_wait() {
        let memory = Memory::new(100 << 10);
        memory
            .around(async {
                take(60 << 10).await;
                take(60 << 10).await;
                take(80 << 10).await;
                assert_eq!(memory.permits.available_permits(), 20);
                take(101 << 10).await;
                assert_eq!(memory.permits.available_permits(), 0);
            })
            .await;
        assert_eq!(memory.permits.available_permits(), 100);
    }

    #[tokio::test]
    async fn what_is_larger_than_all_memory_waits_for_all_of_it() {
        let memory = Memory::new(1);
        memory.around(take(1 << 30)).await;
        take(1 << 30).await;
    }
}
