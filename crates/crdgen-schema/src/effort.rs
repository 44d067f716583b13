//! Limit of the work for validating one object by its schema. CEL rules have the API server's budget instead.

use std::cell::Cell;

/// Remaining steps. A step takes some nanoseconds.
#[derive(Debug)]
pub(crate) struct Effort {
    left: Cell<u64>,
}

impl Effort {
    /// Steps for one object: about a second. An object of 3 MiB takes some tens of millions of steps.
    pub(crate) const PER_OBJECT: u64 = 200_000_000;

    /// Steps for validating a value against one node of a schema.
    pub(crate) const NODE: u64 = 10;

    /// Steps for writing the message of one failure.
    pub(crate) const FAILURE: u64 = 50;

    pub(crate) fn new(steps: u64) -> Self {
        Self { left: Cell::new(steps) }
    }

    /// Takes `steps` and returns whether that many were left. After a failure no steps are left at all.
    pub(crate) fn spend(&self, steps: u64) -> bool {
        let left = self.left.get().checked_sub(steps);
        self.left.set(left.unwrap_or_default());
        left.is_some()
    }

    #[cfg(feature = "cel")]
    pub(crate) fn left(&self) -> u64 {
        self.left.get()
    }

    /// Returns whether no steps are left.
    pub(crate) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }
}
