//! Memory for large events of watches, which the callers of a server share.
//!
//! A watch on an API server holds an event until its reader has taken it. Without a bound, readers that take nothing
//! would make every watch hold its event. So a watch reserves memory before it reads a large event, and keeps the memory
//! until it is asked for the next event.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes that a permit stands for.
const UNIT: usize = 1 << 10;

tokio::task_local! {
    /// Memory for the watches that the current task opens.
    static CURRENT: EventMemory;
}

/// Memory for large events: the part of one caller, and the memory of all callers.
#[derive(Clone, Debug)]
pub struct EventMemory {
    own: Share,
    all: Share,
}

/// Part of memory, counted in permits.
#[derive(Clone, Debug)]
struct Share {
    permits: Arc<Semaphore>,
    total: u32,
}

impl EventMemory {
    /// Creates memory of `bytes` bytes, all of which one caller can have.
    pub fn new(bytes: usize) -> Self {
        let all = Share::new(bytes);
        Self { own: all.clone(), all }
    }

    /// Returns the part of another caller, who can have `bytes` bytes of this memory.
    pub fn part(&self, bytes: usize) -> Self {
        Self { own: Share::new(bytes), all: self.all.clone() }
    }

    /// Returns whether other clones of this part exist.
    pub fn is_shared(&self) -> bool {
        Arc::strong_count(&self.own.permits) > 1
    }

    /// Returns the memory for the watches that the current task opens. `None` outside of [`around`](Self::around).
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    /// Runs a future. Watches that the future opens reserve from this memory.
    pub async fn around<F: Future>(self, open: F) -> F::Output {
        CURRENT.scope(self, open).await
    }

    /// Reserves memory for `bytes` bytes, and waits until there is enough.
    pub async fn take(&self, bytes: usize) -> ReservedMemory {
        let own = self.own.take(bytes).await;
        // Both parts of a server without callers are the same. They are taken once.
        let all = if Arc::ptr_eq(&self.own.permits, &self.all.permits) { None } else { self.all.take(bytes).await };
        ReservedMemory { permits: [own, all] }
    }
}

impl Share {
    fn new(bytes: usize) -> Self {
        let total = units(bytes).max(1);
        Self { permits: Arc::new(Semaphore::new(total as usize)), total }
    }

    async fn take(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed.
        Arc::clone(&self.permits).acquire_many_owned(units(bytes).min(self.total)).await.ok()
    }
}

fn units(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX).min(u32::MAX >> 3)
}

/// Reserved memory. Dropping it gives the memory back.
#[derive(Debug)]
pub struct ReservedMemory {
    permits: [Option<OwnedSemaphorePermit>; 2],
}

impl ReservedMemory {
    /// Gives all but `bytes` bytes back.
    pub fn shrink(&mut self, bytes: usize) {
        for permit in self.permits.iter_mut().flatten() {
            let more = permit.num_permits().saturating_sub(units(bytes) as usize);
            drop(permit.split(more));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn a_caller_waits_for_its_own_events_and_not_for_those_of_others() {
        let all = EventMemory::new(100 << 10);
        let (ada, eve) = (all.part(50 << 10), all.part(50 << 10));
        let mut first = ada.take(40 << 10).await;
        assert!(timeout(SOON, ada.take(20 << 10)).await.is_err());
        let _of_eve = eve.take(50 << 10).await;
        first.shrink(30 << 10);
        let second = ada.take(20 << 10).await;
        assert!(timeout(SOON, all.take(1)).await.is_err());
        drop((first, second));
        let _all = all.take(50 << 10).await;
    }

    #[tokio::test]
    async fn an_event_larger_than_all_memory_waits_for_all_of_it() {
        let memory = EventMemory::new(1);
        drop(memory.take(1 << 30).await);
        assert!(memory.around(async { EventMemory::current() }).await.is_some());
        assert!(EventMemory::current().is_none());
    }
}
