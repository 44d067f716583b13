//! `bench compile`: CPU time and memory of `cargo check` for generated types, compared with kopium's types for the same
//! CRDs.
//!
//! Dependencies are compiled first. Then every crate is checked alone, from scratch and without incremental
//! compilation. The crates are checked in turns, so that other load affects all of them alike, and the cheapest run of
//! each crate counts. The cost of a crate includes that of cargo, which is the same for all crates.

use std::fs::File;
use std::path::PathBuf;
use std::process::Command;
use std::time::SystemTime;

use anyhow::Result;
use crdgen_harness::{Verdict, process, workspace};
use serde_json::json;

use super::cost::Cost;
use super::types::{self, By, Crate};
use super::{kopium, subject};

/// Measure `cargo check` of generated types against kopium's.
#[derive(clap::Args)]
pub struct Args {
    /// CRD files, or folders of them; each is a subject [default: well-known CRDs of $CRDGEN_CORPUS/corpus/crds.tar.xz]
    paths: Vec<PathBuf>,
    /// Number of times that each crate is checked.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Print one JSON object at the end.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<Verdict> {
    let _alone = workspace::exclusive("bench")?;
    let subjects = subject::subjects(&args.paths)?;
    let crates = types::write(&kopium::install()?, &subjects)?;
    // Each crate alone, because the features of a dependency depend on the crates that use it.
    for one in crates.iter().flatten() {
        process::run(cargo().args(["check", "--quiet", "--package", &one.package]))?;
    }
    let mut rows = Vec::new();
    for (subject, crates) in subjects.iter().zip(&crates) {
        let costs = measure(crates, args.runs)?;
        print(&subject.name, crates, &costs);
        rows.push(json!({ "subject": subject.name, "crates": results(crates, &costs) }));
    }
    if args.json {
        println!("{}", json!({ "kopium": kopium::VERSION, "runs": args.runs, "subjects": rows }));
    }
    Ok(Verdict::Good)
}

fn cargo() -> Command {
    let mut cargo = process::cargo();
    cargo
        .current_dir(types::folder())
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TARGET_DIR", types::folder().join("target"));
    cargo
}

/// Returns the cheapest of several runs of each crate. The crates are checked in turns.
fn measure(crates: &[Crate], runs: usize) -> Result<Vec<Cost>> {
    let mut best: Vec<Option<Cost>> = vec![None; crates.len()];
    for _ in 0..runs.max(1) {
        for (one, best) in crates.iter().zip(&mut best) {
            let cost = check(one)?;
            *best = Some(best.map_or(cost, |best| best.min(cost)));
        }
    }
    Ok(best.into_iter().flatten().collect())
}

fn check(one: &Crate) -> Result<Cost> {
    File::options().append(true).open(&one.root)?.set_modified(SystemTime::now())?;
    let mut cargo = cargo();
    cargo.args(["check", "--quiet", "--offline", "--package", &one.package]);
    Cost::of(&cargo)
}

fn ratio(this: f64, base: f64) -> f64 {
    (this / base * 1000.0).round() / 1000.0
}

fn results(crates: &[Crate], costs: &[Cost]) -> Vec<serde_json::Value> {
    let base = costs[0];
    let rows = By::ALL.iter().zip(crates).zip(costs);
    rows.map(|((by, one), cost)| {
        json!({
            "types_by": by.id(),
            "types": one.types,
            "cpu_seconds": cost.cpu.as_secs_f64(),
            "cpu_ratio": ratio(cost.cpu.as_secs_f64(), base.cpu.as_secs_f64()),
            "peak_bytes": cost.memory,
            "peak_ratio": ratio(cost.memory as f64, base.memory as f64),
        })
    })
    .collect()
}

fn print(subject: &str, crates: &[Crate], costs: &[Cost]) {
    println!("\n{subject}\n{:<26}{:>6}  {:>9}  {:>6}  {:>9}  {:>6}", "", "types", "CPU s", "ratio", "peak MB", "ratio");
    let base = costs[0];
    for ((by, one), cost) in By::ALL.iter().zip(crates).zip(costs) {
        println!(
            "{:<26}{:>6}  {:>9.2}  {:>6.2}  {:>9.0}  {:>6.2}",
            by.title(),
            one.types,
            cost.cpu.as_secs_f64(),
            cost.cpu.as_secs_f64() / base.cpu.as_secs_f64(),
            cost.memory as f64 / 1e6,
            cost.memory as f64 / base.memory as f64,
        );
    }
}
