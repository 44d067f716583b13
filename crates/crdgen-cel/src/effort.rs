//! Budget for searching texts.

use std::cell::Cell;

/// Remaining steps of a search. A step takes some nanoseconds: one byte of a text, or a part of building a state of the
/// automaton.
///
/// One `Effort` can limit many searches together.
#[derive(Debug)]
pub struct Effort {
    left: Cell<u64>,
}

impl Effort {
    /// Creates a budget of `steps`.
    pub fn new(steps: u64) -> Self {
        Self { left: Cell::new(steps) }
    }

    /// Takes `steps` and returns whether that many were left. After a failure no steps are left at all.
    pub fn spend(&self, steps: u64) -> bool {
        let left = self.left.get().checked_sub(steps);
        self.left.set(left.unwrap_or_default());
        left.is_some()
    }

    /// Returns the number of steps that are left.
    pub fn left(&self) -> u64 {
        self.left.get()
    }

    /// Returns whether no steps are left.
    pub fn is_spent(&self) -> bool {
        self.left.get() == 0
    }
}
