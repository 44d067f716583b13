//! `differential`: random schemas and objects, and random CRDs with rules, judged by crdgen and by the API server's own
//! code.

mod compare;
mod crds;
pub mod dice;
pub mod object;
mod rules;
pub mod schema;
mod shrink;
mod write;

use anyhow::Result;
use crdgen_harness::Verdict;
use crdgen_harness::oracle::{Case, Op, Oracle, Question};
use serde_json::{Value, json};

use compare::{Comparison, Judgement};
use crds::SHOWN;
use dice::Dice;
use write::Write;

/// Compare crdgen's verdicts on random objects, or on random CRDs, with those of the API server's own code, built with Go.
#[derive(clap::Args)]
pub struct Args {
    /// Compare verdicts on CRDs with mutated and generated rules, and the estimated costs of the rules.
    #[arg(long)]
    pub crds: bool,
    /// Number of objects or CRDs.
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    pub cases: usize,
    /// Seed of the random choices.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Print one JSON object at the end.
    #[arg(long)]
    pub json: bool,
}

/// Number of objects for each schema. The server needs more time to prepare a schema than to judge an object.
const OBJECTS: usize = 12;

#[derive(Default)]
struct Figures {
    schemas: usize,
    refused: usize,
    cases: usize,
    accepted: usize,
    undecided: usize,
    /// Number of writes on which the server's verdict varies from call to call.
    by_chance: usize,
    differences: Vec<Value>,
}

/// Judges random objects of random schemas, or random CRDs, by crdgen and by the API server's own code, and prints the
/// differences.
pub fn run(args: &Args) -> Result<Verdict> {
    let mut oracle = Oracle::start()?;
    if args.crds {
        let figures = crds::compare(&mut oracle, args.cases, args.seed)?;
        figures.print(args.json);
        return Ok(if figures.agree() { Verdict::Good } else { Verdict::Findings });
    }
    let mut figures = Figures::default();
    let mut found = Vec::new();
    let mut seed = args.seed << 32;
    while figures.cases < args.cases {
        seed += 1;
        let writes = writes(&mut Dice::new(seed));
        figures.schemas += 1;
        let Some(answers) = ask(&mut oracle, &writes)? else {
            figures.refused += 1;
            continue;
        };
        for (write, theirs) in writes.into_iter().zip(answers) {
            figures.cases += 1;
            figures.accepted += usize::from(theirs.causes.is_empty() && theirs.malformed.is_none());
            match compare::compare(&Judgement::ours(&write), &theirs) {
                Comparison::Same => {}
                Comparison::Undecided => figures.undecided += 1,
                Comparison::Different(_) if is_one_of_several(&write, &mut oracle)? => figures.by_chance += 1,
                Comparison::Different(_) => found.push(write),
            }
        }
    }
    for write in found.iter().take(SHOWN) {
        let difference = shrunk(write, &mut oracle)?;
        if !figures.differences.contains(&difference) {
            figures.differences.push(difference);
        }
    }
    print(&figures, found.len(), args.json);
    Ok(if found.is_empty() { Verdict::Good } else { Verdict::Findings })
}

/// Returns whether the server agrees with crdgen when it is asked again. Some of its verdicts depend on the order of
/// Go's maps, which varies.
fn is_one_of_several(write: &Write, oracle: &mut Oracle) -> Result<bool> {
    let ours = Judgement::ours(write);
    for _ in 0..12 {
        let answers = ask(oracle, std::slice::from_ref(write))?;
        if answers.iter().flatten().any(|theirs| matches!(compare::compare(&ours, theirs), Comparison::Same)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns random writes to one resource.
fn writes(dice: &mut Dice) -> Vec<Write> {
    let schema = schema::root(dice);
    let status = dice.one_in(4);
    let write = |dice: &mut Dice| {
        let object = object::object(dice, &schema);
        let old = dice.one_in(2).then(|| object::before(dice, &schema, &object));
        let mut write = Write { schema: schema.clone(), status, object, old };
        compare::store_old(&mut write);
        write
    };
    (0..OBJECTS).map(|_| write(dice)).collect()
}

/// Returns the server's verdicts, or `None` if it refuses the schema.
fn ask(oracle: &mut Oracle, writes: &[Write]) -> Result<Option<Vec<Judgement>>> {
    let Some(first) = writes.first() else { return Ok(None) };
    let cases = writes.iter().map(|write| Case { object: &write.object, old: write.old.as_ref() }).collect();
    let question = Question { op: Op::Write, schema: &first.schema, status: first.status, cases };
    let answers = oracle.ask(&question)?.answers;
    Ok(answers.map(|answers| answers.into_iter().map(Judgement::theirs).collect()))
}

/// Returns the smallest write that is judged differently, with the differences.
fn shrunk(write: &Write, oracle: &mut Oracle) -> Result<Value> {
    let mut what = Vec::new();
    let smallest = shrink::shrink(write, |write| {
        let Some(theirs) = ask(oracle, std::slice::from_ref(write))?.and_then(|mut answers| answers.pop()) else {
            return Ok(false);
        };
        match compare::compare(&Judgement::ours(write), &theirs) {
            Comparison::Different(differences) if !is_one_of_several(write, oracle)? => {
                what = differences;
                Ok(true)
            }
            _ => Ok(false),
        }
    })?;
    Ok(json!({
        "schema": smallest.schema,
        "status": smallest.status,
        "object": smallest.object,
        "old": smallest.old,
        "differences": what,
    }))
}

fn print(figures: &Figures, different: usize, json: bool) {
    for difference in &figures.differences {
        println!("{difference}");
    }
    let Figures { schemas, refused, cases, accepted, undecided, by_chance, .. } = figures;
    println!("{cases} objects of {} schemas ({refused} refused): {accepted} accepted by the server", schemas - refused);
    println!(
        "{different} judged differently, {undecided} not evaluated, {by_chance} on which the server is of several minds"
    );
    if json {
        let report = json!({
            "cases": cases,
            "schemas": schemas - refused,
            "accepted": accepted,
            "undecided": undecided,
            "by_chance": by_chance,
            "different": different,
            "missed": figures.differences,
        });
        println!("{report}");
    }
}
