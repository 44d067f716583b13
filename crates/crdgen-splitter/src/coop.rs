//! Cooperative scheduling: work on a long list yields to other tasks of the thread from time to time.
//!
//! A server on the same machine can deliver pieces of a list faster than they are processed. The task of the list would
//! then never wait, and other tasks would not run.

use std::task::{Context, Poll};

/// Number of bytes to process before a task yields. They take a fraction of a millisecond.
const BUDGET: usize = 256 << 10;

/// Work since the task last yielded.
#[derive(Debug, Default)]
pub struct Budget {
    done: usize,
}

impl Budget {
    /// Counts processed bytes.
    pub fn spend(&mut self, bytes: usize) {
        self.done = self.done.saturating_add(bytes);
    }

    /// Returns ready until the limit is reached. Then returns pending once and wakes the task again.
    pub fn poll(&mut self, context: &Context<'_>) -> Poll<()> {
        if self.done < BUDGET {
            return Poll::Ready(());
        }
        self.done = 0;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}
