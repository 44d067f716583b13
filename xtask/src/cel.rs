//! `cel`: evaluation of a table of CEL expressions, compared with the verdicts of an API server.

mod report;
mod table;

use anyhow::Result;
use crdgen_harness::Verdict;
use crdgen_harness::oracle::{Case, Op, Oracle, Question};
use crdgen_schema::cel::{CompiledRule, Outcome};
use crdgen_schema::schema::{Rule, Schema};
use serde_json::{Value, json};

use report::Report;
use table::{Group, Table, Verdict as Known};

/// Evaluate the CEL expressions of fixtures/cel and compare the verdicts with those of an API server.
#[derive(clap::Args, Default)]
pub struct Args {
    /// Get verdicts from the server's own code, built with Go, and write them into the table.
    #[arg(long)]
    pub write: bool,
    /// Compare with the verdicts in the table, without the server's code.
    #[arg(long, conflicts_with = "write")]
    pub offline: bool,
    /// Print one JSON object at the end.
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: &Args) -> Result<Verdict> {
    let mut oracle = if args.offline { None } else { Some(Oracle::start()?) };
    let mut report = Report::default();
    for mut table in Table::all()? {
        for group in &mut table.groups {
            if let Some(oracle) = &mut oracle {
                ask(group, oracle)?;
            }
            for (expression, known) in &group.rows {
                report.add(&table.name, expression, known, &evaluate(group, expression)?);
            }
        }
        if args.write {
            table.save()?;
        }
    }
    report.print(args.json);
    Ok(report.verdict())
}

/// Replaces the verdicts of a group with those of the server.
fn ask(group: &mut Group, oracle: &mut Oracle) -> Result<()> {
    let schemas: Vec<Value> = group.rows.keys().map(|expression| with_rule(group, expression)).collect();
    for (schema, (expression, known)) in schemas.iter().zip(&mut group.rows) {
        let case = Case { object: &group.value, old: group.old.as_ref() };
        let response = oracle.ask(&Question { op: Op::Rule, schema, status: false, cases: vec![case] })?;
        let answer = response.answers.unwrap_or_default().pop();
        *known = match answer {
            None => Known::Refused,
            Some(answer) => {
                let mut problems = answer.causes.into_iter().map(|cause| cause.message).chain(answer.warnings);
                match problems.next() {
                    None => Known::Pass,
                    Some(problem) if problem.contains(&format!("failed rule: {}", expression.trim())) => Known::Fail,
                    Some(_) => Known::Error,
                }
            }
        };
    }
    Ok(())
}

fn with_rule(group: &Group, expression: &str) -> Value {
    let mut schema = group.schema.clone();
    schema["x-kubernetes-validations"] = json!([{ "rule": expression, "optionalOldSelf": group.optional_old_self }]);
    schema
}

fn evaluate(group: &Group, expression: &str) -> Result<Outcome> {
    let schema = Schema::from_json(&group.schema)
        .map_err(|problems| anyhow::anyhow!("a schema of the table cannot be read: {problems:?}"))?;
    let rule =
        Rule { rule: expression.to_owned(), optional_old_self: Some(group.optional_old_self), ..Rule::default() };
    Ok(CompiledRule::new(&rule, &schema).evaluate(&group.value, group.old.as_ref()))
}
