//! Values of a schema, made by construction: objects field by field, lists item by item.

mod list;
mod object;
mod repair;
mod scalar;

use crdgen_schema::Schema;
use crdgen_schema::schema::SchemaType;
use serde_json::{Map, Value as Json};

use crate::checks::Checks;
use crate::demand::{Demand, Picks};
use crate::request::{Request, Wish};
use crate::step::{Path, Step};
use crate::unmade::Unmade;

/// Maximum work for one object, in values that are made or checked.
pub(crate) const MAX_WORK: usize = 500_000;

/// Depth below which optional fields are left out.
const MAX_DEPTH: usize = 40;

/// Choice of fields and values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Required fields only.
    Minimal,
    /// Every field once.
    Full,
    /// Random fields and values.
    Random,
}

/// Maker of one object.
pub(crate) struct Maker<'m, 's> {
    checks: &'m mut Checks<'s>,
    mode: Mode,
    rng: fastrand::Rng,
    /// Work that is left.
    left: usize,
    /// Fields of the whole object that are given: `apiVersion`, `kind` and `metadata`.
    head: Map<String, Json>,
    /// Whether the status of the whole object is left out.
    is_without_status: bool,
}

type Made<T = Json> = Result<T, Unmade>;

impl<'m, 's> Maker<'m, 's> {
    pub(crate) fn new(checks: &'m mut Checks<'s>, mode: Mode, rng: fastrand::Rng) -> Self {
        Self { checks, mode, rng, left: MAX_WORK, head: Map::new(), is_without_status: false }
    }

    /// Returns the maker with fields of the whole object that are given.
    pub(crate) fn of_objects(self, head: Map<String, Json>, is_without_status: bool) -> Self {
        Self { head, is_without_status, ..self }
    }

    /// Returns the maker with less work for its object.
    pub(crate) fn limited(self, work: usize) -> Self {
        Self { left: work.min(self.left), ..self }
    }

    /// Returns the work that is left.
    pub(crate) fn left(&self) -> usize {
        self.left
    }

    /// Makes a value that meets the requirements.
    pub(crate) fn make(&mut self, demand: &Demand<'s>, request: &Request<'_>) -> Made {
        if let Some(Wish { steps: [], value: Some(value) }) = request.wish {
            return Ok(value.clone());
        }
        self.spend(1, &request.path)?;
        if self.mode == Mode::Random && request.wish.is_none() && self.is_null(demand) {
            return Ok(Json::Null);
        }
        match (demand.type_(), request.wish.map_or(&[][..], |wish| wish.steps)) {
            (Some(SchemaType::Object), _) => self.alternatives(demand, request, Self::object),
            (Some(SchemaType::Array), _) => self.alternatives(demand, request, Self::list),
            (None, steps @ [_, ..]) if demand.structure().preserve_unknown_fields => {
                Ok(self.undeclared(steps, request))
            }
            (_, []) => self.scalar(demand, request),
            _ => Err(Unmade::new(request.path, "nothing is declared below this value")),
        }
    }

    fn is_null(&mut self, demand: &Demand<'_>) -> bool {
        demand.all.iter().all(|schema| schema.nullable && schema.enum_.is_empty()) && self.rng.u8(..8) == 0
    }

    /// Makes a value with one combination of branches after the other, until one is valid.
    fn alternatives(
        &mut self,
        demand: &Demand<'s>,
        request: &Request<'_>,
        make: fn(&mut Self, &crate::demand::Plan<'s>, &Request<'_>) -> Made,
    ) -> Made {
        let mut picks = match self.mode {
            Mode::Random => Picks::random(self.rng.fork()),
            Mode::Minimal | Mode::Full => Picks::in_order(),
        };
        let mut deepest: Option<Unmade> = None;
        loop {
            let plan = demand.plan(&mut picks);
            let made = make(self, &plan, request).and_then(|value| self.settled(demand, request, value));
            let unmade = match made {
                Ok(value) => return Ok(value),
                Err(unmade) => unmade,
            };
            // The deepest problem tells most.
            let known = deepest.take().filter(|known| known.path.len() >= unmade.path.len());
            let unmade = known.unwrap_or(unmade);
            if self.left == 0 || !picks.advance() {
                return Err(unmade);
            }
            deepest = Some(unmade);
        }
    }

    /// Returns a value that is not declared but preserved, with what is wished at `steps`.
    fn undeclared(&self, steps: &[Step], request: &Request<'_>) -> Json {
        let wanted = request.wish.and_then(|wish| wish.value).cloned().unwrap_or_else(|| Json::from("example"));
        steps.iter().rev().fold(wanted, |value, step| match step {
            Step::Field(name) => Json::Object(Map::from_iter([(name.clone(), value)])),
            Step::Item => Json::Array(vec![value]),
        })
    }

    /// Takes work from the budget.
    fn spend(&mut self, work: usize, path: &Path<'_>) -> Made<()> {
        self.left = self.left.saturating_sub(work);
        match self.left {
            0 => Err(Unmade::new(path, "no valid value was found within the limit of work")),
            _ => Ok(()),
        }
    }

    /// Makes a value with the required fields only.
    fn minimal(&mut self, schema: &'s Schema, request: &Request<'_>) -> Made {
        let mode = std::mem::replace(&mut self.mode, Mode::Minimal);
        let made = self.make(&Demand::of(schema), request);
        self.mode = mode;
        made
    }
}

/// Returns the number of values in a value.
fn size(value: &Json) -> usize {
    match value {
        Json::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Json::Object(fields) => 1 + fields.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// Returns a count of a schema as a `usize`. Negative counts are 0.
fn count(bound: i64) -> usize {
    usize::try_from(bound.max(0)).unwrap_or(usize::MAX)
}
