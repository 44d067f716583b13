//! How much work evaluating may be. The API server counts too, and stops a rule at a million units; the units here are not
//! fewer than its own, so a rule that stays within the budget stays within the server's.

use std::cell::Cell;

use super::failure::{Failure, Result};
use super::list::List;
use super::map::Map;
use super::value::Value;

/// What one evaluation of one expression may cost: `PerCallLimit` of the API server.
pub(super) const PER_EXPRESSION: u64 = 1_000_000;
/// What all rules over an object may cost together: `RuntimeCELCostBudget` of the API server.
pub(super) const PER_OBJECT: u64 = 10_000_000;

/// What is left of a budget.
#[derive(Debug)]
pub(super) struct Budget {
    left: Cell<u64>,
}

impl Budget {
    pub(super) fn new(units: u64) -> Self {
        Self { left: Cell::new(units) }
    }

    pub(super) fn left(&self) -> u64 {
        self.left.get()
    }

    pub(super) fn spend(&self, units: usize) -> Result<()> {
        let left = self.left.get().checked_sub(units as u64);
        self.left.set(left.unwrap_or_default());
        left.map(drop).ok_or(Failure::Exhausted)
    }

    /// Pays for reading a value once, without what is below its elements.
    pub(super) fn spend_on(&self, value: &Value<'_>) -> Result<()> {
        self.spend(match value {
            Value::String(text) => text.len() / 10,
            Value::Bytes(bytes) => bytes.len() / 10,
            Value::List(list) => List::len(list),
            Value::Map(map) => Map::len(map),
            _ => 0,
        })
    }
}
