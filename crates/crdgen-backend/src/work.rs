//! CPU-bound work, which runs on other threads than requests.

mod event_memory;
mod memory;

use std::future::pending;
use std::panic::resume_unwind;
use std::sync::LazyLock;
use std::thread::available_parallelism;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;

pub use self::event_memory::{EventMemory, ReservedMemory};
pub use self::memory::Memory;

/// Size in bytes up to which work runs on the current thread. Moving smaller work would cost more than it saves.
pub const SMALL: usize = 16 << 10;

/// Permits for work on other threads. One processor is always left for requests, unless there is only one.
static PLACES: LazyLock<Semaphore> = LazyLock::new(|| {
    let processors = available_parallelism().map_or(2, usize::from);
    Semaphore::new(processors.saturating_sub(1).max(1))
});

/// Runs `work` on `bytes` bytes of JSON; `usize::MAX` means an unknown length. Up to [`SMALL`] bytes, `work` runs on
/// the current thread, otherwise on a blocking thread. In a request, first waits until memory for that much JSON is
/// free. The number of blocking threads in use is limited to the number of processors minus one, and to one on a
/// machine with one processor. `work` continues if the caller drops the future, so `work` must end by itself.
///
/// Outside of a tokio runtime all work runs on the current thread.
pub async fn run<T: Send + 'static>(bytes: usize, work: impl FnOnce() -> T + Send + 'static) -> T {
    if bytes <= SMALL {
        return work();
    }
    memory::take(bytes).await;
    let Ok(runtime) = Handle::try_current() else { return work() };
    // The semaphore is never closed.
    let place = PLACES.acquire().await.ok();
    let done = runtime
        .spawn_blocking(move || {
            let _place = place;
            work()
        })
        .await;
    match done {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime is shutting down, and the task that waits here with it.
            Err(_) => pending().await,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn large_work_leaves_the_thread_and_small_work_does_not() {
        let here = std::thread::current().id();
        assert_eq!(run(SMALL, || std::thread::current().id()).await, here);
        assert_ne!(run(SMALL + 1, || std::thread::current().id()).await, here);
    }

    #[test]
    fn without_a_runtime_work_is_done_at_once() {
        assert_eq!(futures_util::FutureExt::now_or_never(run(SMALL + 1, || 7)), Some(7));
    }

    #[tokio::test]
    #[should_panic(expected = "a defect")]
    async fn a_panic_reaches_who_waits() {
        run(SMALL + 1, || panic!("a defect")).await
    }
}
