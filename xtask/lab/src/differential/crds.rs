//! CRDs with mutated and generated rules, judged by crdgen and by the API server's own code.

mod grammar;
mod mutation;
mod seeds;

use std::sync::Arc;

use anyhow::Result;
use crdgen_harness::oracle::{Op, Oracle, Question};
use crdgen_schema::cel::{CompiledRule, check_crd};
use crdgen_schema::{Schema, Severity, Source, crds, documents};
use serde_json::{Value, json};

use super::dice::Dice;
use super::{SHOWN, schema};

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
            0 => json!({ "type": "object", "properties": { *dice.pick(&schema::NAMES): schema } }),
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
    if let (Ok(schema), false) = (Schema::from_json(&case.node), compiled.is_empty()) {
        for (rule, theirs) in schema.validations.iter().zip(compiled) {
            let ours = CompiledRule::new(rule, &schema);
            let costs = [
                ("rule", ours.max_cost(), theirs.error.is_none().then_some(theirs.cost), &theirs.error),
                (
                    "message",
                    ours.max_message_cost(),
                    (theirs.error.is_none() && theirs.message_error.is_none() && has_message(rule))
                        .then_some(theirs.message_cost),
                    &theirs.message_error,
                ),
            ];
            for (what, ours_cost, theirs_cost, error) in costs {
                figures.costs += usize::from(theirs_cost.is_some());
                if ours_cost != theirs_cost {
                    let text = if what == "rule" { &rule.rule } else { rule.message_expression.as_deref().unwrap_or_default() };
                    let problem = if what == "rule" { ours.problem() } else { None };
                    differences.push(format!(
                        "{what} {text:?}: cost ours {ours_cost:?} ({problem:?}), theirs {theirs_cost:?} ({error:?})"
                    ));
                }
            }
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

fn has_message(rule: &crdgen_schema::schema::Rule) -> bool {
    rule.message_expression.as_deref().is_some_and(|message| !message.is_empty())
}

fn crd(schema: &Value) -> Value {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": { "name": "probes.example.com" },
        "spec": {
            "group": "example.com",
            "names": { "kind": "Probe", "plural": "probes" },
            "scope": "Namespaced",
            "versions": [
                { "name": "v1", "served": true, "storage": true, "schema": { "openAPIV3Schema": schema } },
            ],
        },
    })
}

/// crdgen's verdict on a CRD.
struct Verdict {
    refused: Vec<String>,
    /// Whether something was not checked.
    is_undecided: bool,
}

fn verdict(crd: &Value) -> Verdict {
    let source = Arc::new(Source { name: "crd.json".to_owned(), text: crd.to_string() });
    let mut diagnostics = Vec::new();
    let found = crds(documents(&source, &mut diagnostics), &mut diagnostics);
    diagnostics.extend(found.crds.iter().flat_map(|crd| check_crd(crd, Severity::Error)));
    let is_undecided = diagnostics
        .iter()
        .any(|found| matches!(found.code, "cel::unchecked" | "schema::default-unchecked" | "schema::heavy-pattern"));
    diagnostics.retain(|found| found.severity == Severity::Error);
    let refused = diagnostics.iter().map(|found| format!("{}: {}", found.code, found.message)).collect();
    Verdict { refused, is_undecided }
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
