//! `bench service`: what it costs a service to pass a list on, in CPU time and memory: as bytes, trimmed, cut to a view, typed,
//! as kube's own client does it, and as a FastAPI service does it.
//!
//! Every way runs in a process of its own, all of them beside each other in front of one fake API server, and they are asked in
//! turns, so that whatever else the machine does meets all alike; of each the cheapest answer counts. Figures of different
//! runs are not to be compared, ratios are.

mod data;
mod fastapi;
mod load;
mod measure;
mod report;
mod watchers;
mod way;

use anyhow::Result;
use serde_json::json;

use self::measure::Plan;
use crate::program::Program;
use crate::{Verdict, process, workspace};

/// Measure what it costs a service to pass a list on.
#[derive(clap::Args)]
pub struct Args {
    /// How many objects a list has.
    #[arg(long, default_value_t = 10_000)]
    objects: usize,
    /// How many a long list has: memory must not grow with it.
    #[arg(long, default_value_t = 100_000)]
    many: usize,
    /// How often each way is asked.
    #[arg(long, default_value_t = 9)]
    runs: usize,
    /// Only these ways, for example `raw,trim`.
    #[arg(long, value_delimiter = ',')]
    ways: Vec<String>,
    /// How many watch at once; none when 0.
    #[arg(long, default_value_t = 1000)]
    watchers: usize,
    /// Without FastAPI, whose packages are downloaded otherwise.
    #[arg(long)]
    no_python: bool,
    /// End with one JSON object.
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
