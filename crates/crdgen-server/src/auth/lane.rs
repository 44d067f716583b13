//! Concurrency limits for requests to the API server, so that a flood of one sort does not delay another.

use crdgen_backend::Reason;
use tokio::sync::Semaphore;

use crate::problem::Problem;

/// Concurrency limit for requests of one sort. Further requests wait up to a second limit, and are refused beyond it.
pub(super) struct Lane {
    asked: Semaphore,
    all: Semaphore,
}

impl Lane {
    pub(super) fn new(asked: usize, waiting: usize) -> Self {
        Self { asked: Semaphore::new(asked), all: Semaphore::new(asked + waiting) }
    }

    /// Awaits `question` when it is its turn.
    ///
    /// # Errors
    ///
    /// [`TooManyRequests`](Reason::TooManyRequests) when too many requests wait already.
    pub(super) async fn ask<T>(&self, question: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
        let _place = self.all.try_acquire().map_err(|_| full())?;
        let _turn = self.asked.acquire().await.map_err(|_| full())?;
        question.await
    }
}

fn full() -> Problem {
    Problem::new(Reason::TooManyRequests, "too many callers are being checked; try again later")
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn some_are_asked_and_some_wait() {
        let lane = Lane::new(1, 1);
        let mut asked = Box::pin(lane.ask(pending::<Result<(), _>>()));
        assert!((&mut asked).now_or_never().is_none());
        let mut waits = Box::pin(lane.ask(async { Ok(7) }));
        assert!((&mut waits).now_or_never().is_none());
        let refused = lane.ask(async { Ok(()) }).now_or_never().unwrap().unwrap_err();
        assert_eq!(refused.status, 429);
        drop(asked);
        assert_eq!(waits.now_or_never().unwrap().unwrap(), 7);
    }
}
