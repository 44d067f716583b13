//! Work that takes processor time, kept away from the threads that answer requests.

use std::future::pending;
use std::panic::resume_unwind;
use std::sync::LazyLock;
use std::thread::available_parallelism;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;

/// Bytes up to which work is done at once: handing it over would cost more.
pub(crate) const SMALL: usize = 16 << 10;

/// One processor is always left for requests that are answered at once.
static PLACES: LazyLock<Semaphore> = LazyLock::new(|| {
    let processors = available_parallelism().map_or(2, usize::from);
    Semaphore::new(processors.saturating_sub(1).max(1))
});

/// Does work on `bytes` bytes of JSON: at once if they are few, else on a thread of its own, one after the other. The work
/// goes on when nobody waits for it any more, so it has to be bounded by itself.
///
/// Outside of a runtime of tokio all work is done at once.
pub(crate) async fn run<T: Send + 'static>(bytes: usize, work: impl FnOnce() -> T + Send + 'static) -> T {
    if bytes <= SMALL {
        return work();
    }
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
            // The runtime is being shut down, and whoever waits here with it.
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
