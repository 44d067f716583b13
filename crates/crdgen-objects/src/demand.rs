//! Conjunctions of schemas, and the choices that lead to a value of one.

use crdgen_schema::Schema;
use crdgen_schema::schema::{Additional, SchemaType};

/// Maximum number of combinations of branches that are tried for one value.
const MAX_PLANS: usize = 24;

/// Maximum number of schemas from which a scalar takes its hints.
const MAX_HINTS: usize = 64;

/// Requirements of a value: schemas that it must match, and schemas that it must not match.
///
/// The first schema declares the fields. The others come from `allOf`, `anyOf`, `oneOf` and `not` further up.
#[derive(Clone, Debug)]
pub(crate) struct Demand<'s> {
    pub(crate) all: Vec<&'s Schema>,
    pub(crate) none: Vec<&'s Schema>,
}

impl<'s> Demand<'s> {
    pub(crate) fn of(schema: &'s Schema) -> Self {
        Self { all: vec![schema], none: Vec::new() }
    }

    /// Returns the schema that declares the fields.
    pub(crate) fn structure(&self) -> &'s Schema {
        self.all[0]
    }

    /// Returns the type, or `None` if several are allowed.
    pub(crate) fn type_(&self) -> Option<SchemaType> {
        match self.all.iter().any(|schema| schema.int_or_string) {
            true => None,
            false => self.all.iter().find_map(|schema| schema.type_),
        }
    }

    /// Returns whether an object or a list that is made field by field may still violate the requirements.
    pub(crate) fn is_checked(&self) -> bool {
        self.all.len() > 1 || !self.none.is_empty() || has_branches(self.all[0]) || !self.all[0].validations.is_empty()
    }

    /// Returns the schemas that say something about a scalar: all schemas with all their branches.
    pub(crate) fn hints(&self) -> Vec<&'s Schema> {
        let mut hints = self.all.clone();
        let mut next = 0;
        while next < hints.len() && hints.len() < MAX_HINTS {
            let schema = hints[next];
            hints.extend(schema.all_of.iter().chain(&schema.any_of).chain(&schema.one_of));
            next += 1;
        }
        hints
    }

    /// Chooses branches and returns the plan that follows from them.
    pub(crate) fn plan(&self, picks: &mut Picks) -> Plan<'s> {
        let mut plan = Plan::default();
        let mut negatives = self.none.clone();
        self.all.iter().for_each(|schema| plan.require(schema, picks, &mut negatives));
        let mut next = 0;
        while let Some(schema) = negatives.get(next).copied() {
            plan.refuse(schema, picks, &mut negatives);
            next += 1;
        }
        plan
    }
}

fn has_branches(schema: &Schema) -> bool {
    let is_plain =
        schema.all_of.is_empty() && schema.any_of.is_empty() && schema.one_of.is_empty() && schema.not.is_none();
    !is_plain
}

/// Requirements of an object or a list without alternatives.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan<'s> {
    /// Schemas that must match. The first one declares the fields.
    pub(crate) all: Vec<&'s Schema>,
    /// Fields that must be absent.
    pub(crate) absent: Vec<&'s str>,
    /// Fields whose value must not match a schema.
    pub(crate) avoided: Vec<(&'s str, &'s Schema)>,
}

impl<'s> Plan<'s> {
    fn require(&mut self, schema: &'s Schema, picks: &mut Picks, negatives: &mut Vec<&'s Schema>) {
        self.all.push(schema);
        schema.all_of.iter().for_each(|schema| self.require(schema, picks, negatives));
        if !schema.any_of.is_empty() {
            self.require(&schema.any_of[picks.next(schema.any_of.len())], picks, negatives);
        }
        if !schema.one_of.is_empty() {
            let chosen = picks.next(schema.one_of.len());
            self.require(&schema.one_of[chosen], picks, negatives);
            let others = schema.one_of.iter().enumerate().filter(|(index, _)| *index != chosen);
            negatives.extend(others.map(|(_, schema)| schema));
        }
        negatives.extend(schema.not.as_deref());
    }

    /// Adds what keeps a schema from matching.
    fn refuse(&mut self, schema: &'s Schema, picks: &mut Picks, negatives: &mut Vec<&'s Schema>) {
        if schema.required.is_empty() && schema.properties.is_empty() {
            negatives.extend(schema.any_of.iter().chain(&schema.one_of));
            if !schema.all_of.is_empty() {
                negatives.push(&schema.all_of[picks.next(schema.all_of.len())]);
            }
            if let Some(schema) = schema.not.as_deref() {
                self.require(schema, picks, negatives);
            }
            return;
        }
        let required: Vec<&str> = self.required().collect();
        let values = schema.properties.iter().filter(|(_, property)| **property != Schema::default());
        let values = values.map(|(name, property)| Refusal::Value(name, property));
        let absences = schema.required.iter().map(String::as_str).filter(|name| !required.contains(name));
        let refusals: Vec<_> = values.chain(absences.map(Refusal::Absence)).collect();
        match refusals.get(picks.next(refusals.len())) {
            Some(Refusal::Value(name, property)) => self.avoided.push((name, property)),
            Some(Refusal::Absence(name)) => self.absent.push(name),
            None => {}
        }
    }

    /// Returns the schema that declares the fields.
    pub(crate) fn structure(&self) -> &'s Schema {
        self.all[0]
    }

    /// Returns the names of the required fields. A name may occur twice.
    pub(crate) fn required(&self) -> impl Iterator<Item = &'s str> + use<'s, '_> {
        self.all.iter().flat_map(|schema| &schema.required).map(String::as_str)
    }

    /// Returns the requirements of a field's value, or `None` if nothing declares the field.
    pub(crate) fn field(&self, name: &str) -> Option<Demand<'s>> {
        let all: Vec<_> = self.all.iter().filter_map(|schema| field(schema, name)).collect();
        let none = self.avoided.iter().filter(|(avoided, _)| *avoided == name).map(|(_, schema)| *schema).collect();
        (!all.is_empty()).then_some(Demand { all, none })
    }

    /// Returns the requirements of an item, or `None` if nothing declares items.
    pub(crate) fn items(&self) -> Option<Demand<'s>> {
        let all: Vec<_> = self.all.iter().filter_map(|schema| schema.items.as_deref()).collect();
        (!all.is_empty()).then_some(Demand { all, none: Vec::new() })
    }
}

enum Refusal<'s> {
    Value(&'s str, &'s Schema),
    Absence(&'s str),
}

/// Returns the schema of a field's value: its property or the schema of `additionalProperties`.
pub(crate) fn field<'s>(schema: &'s Schema, name: &str) -> Option<&'s Schema> {
    schema.properties.get(name).or(match &schema.additional_properties {
        Some(Additional::Schema(values)) => Some(values),
        _ => None,
    })
}

/// Choices between alternatives, as digits of a number that counts up.
#[derive(Debug, Default)]
pub(crate) struct Picks {
    digits: Vec<Digit>,
    /// Index of the next digit.
    at: usize,
    tried: usize,
    rng: Option<fastrand::Rng>,
}

#[derive(Clone, Copy, Debug)]
struct Digit {
    value: usize,
    count: usize,
    /// Alternative that is chosen first.
    first: usize,
}

impl Picks {
    /// Returns choices that begin with the first alternatives.
    pub(crate) fn in_order() -> Self {
        Self::default()
    }

    /// Returns choices that begin with random alternatives.
    pub(crate) fn random(rng: fastrand::Rng) -> Self {
        Self { rng: Some(rng), ..Self::default() }
    }

    /// Returns the chosen one of a number of alternatives.
    fn next(&mut self, count: usize) -> usize {
        if count < 2 {
            return 0;
        }
        if self.at == self.digits.len() {
            let first = self.rng.as_mut().map_or(0, |rng| rng.usize(..count));
            self.digits.push(Digit { value: 0, count, first });
        }
        let digit = &mut self.digits[self.at];
        digit.count = count;
        self.at += 1;
        (digit.value + digit.first) % count
    }

    /// Moves to the next combination. Returns false after the last one.
    pub(crate) fn advance(&mut self) -> bool {
        self.at = 0;
        self.tried += 1;
        while let Some(digit) = self.digits.last_mut() {
            if digit.value + 1 < digit.count {
                digit.value += 1;
                return self.tried < MAX_PLANS;
            }
            self.digits.pop();
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_is_tried_once() {
        let mut picks = Picks::in_order();
        let mut tried = Vec::new();
        loop {
            let first = picks.next(2);
            // The second choice exists only after one of the alternatives.
            tried.push((first, if first == 1 { picks.next(3) } else { 0 }));
            if !picks.advance() {
                break;
            }
        }
        assert_eq!(tried, [(0, 0), (1, 0), (1, 1), (1, 2)]);
    }

    #[test]
    fn a_plan_refuses_the_branches_of_one_of_that_are_not_chosen() {
        let branches = serde_json::json!([{"required": ["a"]}, {"required": ["b"]}, {"required": ["c"]}]);
        let schema = Schema::from_json(&serde_json::json!({"type": "object", "oneOf": branches})).unwrap();
        let plan = Demand::of(&schema).plan(&mut Picks::in_order());
        assert_eq!(plan.required().collect::<Vec<_>>(), ["a"]);
        assert_eq!(plan.absent, ["b", "c"]);
    }
}
