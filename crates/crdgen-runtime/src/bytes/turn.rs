//! Taking turns: whoever works on a long list lets others of its thread go first now and then.
//!
//! A server on this machine has the next piece of a list ready before the last one is cut, so that a list would never wait for
//! anything, and everybody else for the list.

use std::task::{Context, Poll};

/// How much is worked on in a turn, in bytes that are cut: a fraction of a millisecond.
const TURN: usize = 256 << 10;

/// What was done in this turn.
#[derive(Debug, Default)]
pub struct Turn {
    done: usize,
}

impl Turn {
    /// Counts what was worked on, in bytes.
    pub fn did(&mut self, bytes: usize) {
        self.done = self.done.saturating_add(bytes);
    }

    /// Ready while the turn lasts. At its end the task is woken for the next one.
    pub fn poll(&mut self, context: &Context<'_>) -> Poll<()> {
        if self.done < TURN {
            return Poll::Ready(());
        }
        self.done = 0;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}
