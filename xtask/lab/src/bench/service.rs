//! `bench service`: CPU time and memory of a service that passes on a list: as bytes, trimmed, cut to a view, typed,
//! with kube's own client, and with a FastAPI service.
//!
//! Every way runs in its own process, all at the same time, in front of one fake API server. Requests go to the ways in
//! turns, so that other load affects all of them alike, and the cheapest response of each way counts. Ratios can be
//! compared between runs; absolute figures cannot.

mod data;
mod fastapi;
mod load;
mod measure;
mod report;
mod watchers;
mod way;

use anyhow::Result;
use crdgen_harness::program::Program;
use crdgen_harness::{Verdict, process, workspace};
use serde_json::json;

use self::measure::Plan;

/// Measure the cost of passing on a list in a service.
#[derive(clap::Args)]
pub struct Args {
    /// Number of objects in a list.
    #[arg(long, default_value_t = 10_000)]
    objects: usize,
    /// Number of objects in a long list, with which memory must not grow.
    #[arg(long, default_value_t = 100_000)]
    many: usize,
    /// Number of requests to each way.
    #[arg(long, default_value_t = 9)]
    runs: usize,
    /// Measure only these ways, for example `raw,trim`.
    #[arg(long, value_delimiter = ',')]
    ways: Vec<String>,
    /// Number of watches at the same time; 0 for none.
    #[arg(long, default_value_t = 1000)]
    watchers: usize,
    /// Leave out FastAPI, whose packages would be downloaded.
    #[arg(long)]
    no_python: bool,
    /// Print one JSON object at the end.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<Verdict> {
    let _alone = workspace::exclusive("bench")?;
    process::run(process::cargo().args([
        "build",
        "--profile",
        way::PROFILE,
        "--quiet",
        "--package",
        "crdgen-bench-service",
    ]))?;
    let data = data::of(args.objects)?;
    println!("objects: {}", data.source);
    let mut upstream = way::upstream();
    upstream.args(["--objects", &args.many.max(args.objects).to_string()]);
    if let Some(path) = &data.path {
        upstream.arg("--data").arg(path);
    }
    let upstream = Program::start(upstream)?;
    let mut ways = way::all(&upstream, args.objects);
    if !args.no_python {
        ways.extend(fastapi::classic(&upstream)?);
    }
    ways.retain(|way| args.ways.is_empty() || args.ways.iter().any(|name| name == way.name));

    let plan = Plan { objects: args.objects, many: args.many, runs: args.runs };
    let results = measure::all(ways, &plan)?;
    let ratios = report::ratios(&results, args.objects);
    report::print(&results, &ratios);
    let watched = (args.watchers > 0).then(|| watchers::watch(args.watchers)).transpose()?;
    if let Some(watched) = &watched {
        println!("{watched}");
    }
    if args.json {
        println!(
            "{}",
            json!({ "objects": args.objects, "data": data.source, "ways": results, "ratios": ratios, "watched": watched })
        );
    }
    Ok(Verdict::Good)
}
