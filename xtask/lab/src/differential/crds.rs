//! CRDs with mutated and generated rules, judged by crdgen and by the API server's own code.

mod grammar;
mod mutation;
mod seeds;

use anyhow::Result;
use crdgen_harness::oracle::{Compiled, Op, Oracle, Question};
use crdgen_schema::Schema;
use crdgen_schema::cel::CompiledRule;
use crdgen_schema::schema::Rule;
use serde_json::{Value, json};

use super::dice::Dice;
use super::object;
use crate::crd_verdict::{crd, verdict};

/// Maximum number of differences that are reduced and printed.
pub const SHOWN: usize = 20;

/// Figures of a comparison.
#[derive(Default)]
pub struct Figures {
    /// Number of CRDs.
    cases: usize,
    /// Number of CRDs that the server accepts.
    accepted: usize,
    /// Number of rules whose estimated costs were compared.
    costs: usize,
    /// Number of CRDs that have something that only a server can check.
    undecided: usize,
    different: usize,
    /// Descriptions of the first differences.
    missed: Vec<Value>,
}

/// Schema node with rules, and the schema of a whole object that contains the node.
struct Case {
    node: Value,
    root: Value,
}

/// Compares crdgen's verdicts on random CRDs with the server's.
pub fn compare(oracle: &mut Oracle, cases: usize, seed: u64) -> Result<Figures> {
    let seeds = seeds::all()?;
    let mut figures = Figures::default();
    for number in 0..cases {
        let mut dice = Dice::new((seed << 32) + number as u64);
        let case = random(&mut dice, &seeds);
        figures.cases += 1;
        judge(&case, oracle, &mut figures)?;
    }
    Ok(figures)
}

fn random(dice: &mut Dice, seeds: &[Value]) -> Case {
    let mut node = match seeds.is_empty() || dice.one_in(2) {
        true => grammar::node(dice),
        false => dice.pick(seeds).clone(),
    };
    mutation::mutate(dice, &mut node);
    let root = placed(dice, node.clone());
    Case { node, root }
}

/// Returns the schema of an object in which values of the node are at some depth, in lists and maps with and without
/// limits.
fn placed(dice: &mut Dice, node: Value) -> Value {
    let mut schema = node;
    for _ in 0..dice.below(4) {
        schema = match dice.below(4) {
            0 => json!({ "type": "object", "properties": { *dice.pick(&object::NAMES): schema } }),
            1 => json!({ "type": "object", "additionalProperties": schema }),
            _ => json!({ "type": "array", "items": schema }),
        };
        if schema.get("items").is_some() && dice.one_in(2) {
            schema["maxItems"] = json!(dice.pick(&[0, 1, 3, 10, 100, 1000, 100_000]));
        }
        if schema.get("additionalProperties").is_some() && dice.one_in(2) {
            schema["maxProperties"] = json!(dice.pick(&[0, 1, 3, 10, 100, 1000, 100_000]));
        }
        if dice.one_in(10) {
            schema["x-kubernetes-validations"] = json!([{ "rule": "self == self" }]);
        }
    }
    json!({ "type": "object", "properties": { "spec": schema } })
}

fn judge(case: &Case, oracle: &mut Oracle, figures: &mut Figures) -> Result<()> {
    let crd = crd(&case.root);
    let question = |op, schema| Question { op, schema, status: false, cases: Vec::new() };
    let refused = oracle.ask(&question(Op::Crd, &crd))?.refused;
    let ours = verdict(&crd);
    figures.accepted += usize::from(refused.is_empty());
    if ours.is_undecided {
        figures.undecided += 1;
        return Ok(());
    }
    let mut differences = Vec::new();
    if ours.refused.is_empty() != refused.is_empty() {
        differences.push(format!("ours {:?}, theirs {refused:?}", ours.refused));
    }
    let compiled = oracle.ask(&question(Op::Compile, &case.node))?.compiled;
    if let Ok(schema) = Schema::from_json(&case.node) {
        let rules = schema.validations.iter().zip(compiled).filter(|(rule, _)| !rule.rule.trim().is_empty());
        for (rule, theirs) in rules {
            compare_costs(rule, &theirs, &schema, figures, &mut differences);
        }
    }
    if !differences.is_empty() {
        figures.different += 1;
        if figures.missed.len() < SHOWN {
            figures.missed.push(json!({ "schema": case.root, "differences": differences }));
        }
    }
    Ok(())
}

/// Compares the estimated costs of a rule and of its message expression.
fn compare_costs(
    rule: &Rule,
    theirs: &Compiled,
    schema: &Schema,
    figures: &mut Figures,
    differences: &mut Vec<String>,
) {
    let ours = CompiledRule::new(rule, schema);
    if ours.problem().is_some() && !ours.is_refused() {
        // Only a server can compile the rule.
        return;
    }
    let their_cost = theirs.error.is_none().then_some(theirs.cost);
    figures.costs += usize::from(their_cost.is_some());
    if ours.max_cost() != their_cost {
        let (cost, problem) = (ours.max_cost(), ours.problem());
        let Compiled { error, .. } = theirs;
        differences
            .push(format!("{:?}: cost ours {cost:?} ({problem:?}), theirs {their_cost:?} ({error:?})", rule.rule));
    }
    let Some(message) = rule.message_expression.as_deref().filter(|message| !message.is_empty()) else { return };
    let is_valid = theirs.error.is_none() && theirs.message_error.is_none();
    let their_cost = is_valid.then_some(theirs.message_cost);
    figures.costs += usize::from(is_valid);
    if ours.max_message_cost() != their_cost {
        let (cost, error) = (ours.max_message_cost(), &theirs.message_error);
        differences.push(format!("message {message:?}: cost ours {cost:?}, theirs {their_cost:?} ({error:?})"));
    }
}

impl Figures {
    /// Prints the differences and the figures, and as JSON if asked.
    pub fn print(&self, json: bool) {
        for difference in &self.missed {
            println!("{difference}");
        }
        let Self { cases, accepted, costs, undecided, different, missed } = self;
        println!("{cases} CRDs, {accepted} accepted by the server, estimated costs of {costs} expressions compared");
        println!("{different} judged differently, {undecided} with something that only a server can check");
        if json {
            let report = json!({
                "cases": cases,
                "accepted": accepted,
                "costs": costs,
                "undecided": undecided,
                "different": different,
                "missed": missed,
            });
            println!("{report}");
        }
    }

    /// Returns whether no verdict differs.
    pub fn agree(&self) -> bool {
        self.different == 0
    }
}
