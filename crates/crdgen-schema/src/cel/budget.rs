//! What evaluating may cost.
//!
//! The API server counts too, and stops a rule at a million units. The units here are not fewer than its own, so a rule that
//! stays within the budget here stays within the server's. And every unit pays for a fraction of a microsecond: whatever
//! takes longer, such as reading long text, costs more units.

use std::cell::{Cell, RefCell};

use serde_json::Value as Json;

use super::failure::{Failure, Result};
use super::functions::regexes::Made;
use super::list::List;
use super::map::Map;
use super::value::Value;
use crate::admission::Obstacle;
use crate::effort::Effort;
use crate::re2::{Pattern, Unmatched};

/// Units for one evaluation of one expression: `PerCallLimit` of the API server.
pub(super) const PER_EXPRESSION: u64 = 1_000_000;
/// Units for all rules over an object together: `RuntimeCELCostBudget` of the API server.
pub(super) const PER_OBJECT: u64 = 10_000_000;

/// Units for a list that is written out.
pub(super) const LIST: usize = 10;
/// Units for a map that is written out.
pub(super) const MAP: usize = 30;
/// Units for an element of `all`, beside what is asked of it: reading what came of those before, and joining both.
pub(super) const ALL: usize = 3;
/// Units for an element of `exists`.
pub(super) const EXISTS: usize = 4;
/// Units for an element of `exists_one`.
pub(super) const EXISTS_ONE: usize = 2;
/// Units for an element that a macro puts into a new list: a list of its own, and joining both.
pub(super) const KEPT: usize = LIST + 2;
/// Units for an entry that a macro puts into a new map.
pub(super) const INSERTED: usize = 3;

/// Bytes of text that are read for one unit.
const BYTES_PER_UNIT: usize = 10;
/// Steps of matching an expression that are made for one unit.
const STEPS_PER_UNIT: u64 = 100;

/// What is left of a budget, and what was paid for already.
#[derive(Debug)]
pub(super) struct Budget {
    left: Cell<u64>,
    /// Regular expressions that came with values.
    pub(super) made: RefCell<Vec<Made>>,
}

impl Budget {
    pub(super) fn new(units: u64) -> Self {
        Self { left: Cell::new(units), made: RefCell::new(Vec::new()) }
    }

    pub(super) fn left(&self) -> u64 {
        self.left.get()
    }

    pub(super) fn spend(&self, units: usize) -> Result<()> {
        let left = self.left.get().checked_sub(units as u64);
        self.left.set(left.unwrap_or_default());
        left.map(drop).ok_or(Failure::Exhausted)
    }

    /// Pays for reading or copying text.
    pub(super) fn spend_on_text(&self, bytes: usize) -> Result<()> {
        self.spend(bytes / BYTES_PER_UNIT)
    }

    /// Pays for reading a value once, without what is below its elements.
    pub(super) fn spend_on(&self, value: &Value<'_>) -> Result<()> {
        match value {
            Value::String(text) => self.spend_on_text(text.len()),
            Value::Bytes(bytes) => self.spend_on_text(bytes.len()),
            Value::Url(url) => self.spend_on_text(url.length()),
            Value::Semver(version) => self.spend_on_text(version.pre.len() + version.build.len()),
            Value::List(list) => self.spend(List::len(list)),
            Value::Map(map) => self.spend(Map::len(map)),
            _ => Ok(()),
        }
    }

    /// Pays for reading everything in a value.
    pub(super) fn spend_on_json(&self, json: &Json) -> Result<()> {
        match json {
            Json::String(text) => self.spend(1 + text.len() / BYTES_PER_UNIT),
            Json::Array(items) => {
                self.spend(1)?;
                items.iter().try_for_each(|item| self.spend_on_json(item))
            }
            Json::Object(fields) => {
                self.spend(1)?;
                fields.iter().try_for_each(|(name, value)| {
                    self.spend_on_text(name.len())?;
                    self.spend_on_json(value)
                })
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => self.spend(1),
        }
    }

    /// Whether the text holds a match; the steps are paid for.
    pub(super) fn search(&self, pattern: &Pattern, text: &str) -> Result<bool> {
        let steps = self.left() * STEPS_PER_UNIT;
        let effort = Effort::new(steps);
        let found = pattern.finds(text, &effort);
        self.spend(((steps - effort.left()) / STEPS_PER_UNIT) as usize)?;
        found.map_err(|Unmatched { obstacle, why }| match obstacle {
            Obstacle::BudgetSpent => Failure::Exhausted,
            Obstacle::Unsupported => Failure::Unknown(why.into()),
        })
    }
}
