//! `typescript`: tests of generated TypeScript. Its types must equal those that openapi-typescript makes of the
//! document, the client must work with the example's service, and a page with one call must stay small.

mod bench;
mod equality;
mod huge;
mod size;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use crdgen_harness::check::{self, Finding};
use crdgen_harness::tools::{Missing, node};
use crdgen_harness::{Verdict, process, workspace};
use serde_json::json;

use bench::Bench;
use size::Size;

/// Test generated TypeScript: types, client and size.
#[derive(Default, clap::Args)]
pub struct Args {
    /// Print one JSON object at the end.
    #[arg(long)]
    json: bool,
}

/// Returns the reason why the task cannot run, if there is one.
pub fn missing() -> Option<Missing> {
    node::missing()
}

pub fn run(args: &Args) -> Result<Verdict> {
    let packages = match node::packages("typescript")? {
        Ok(packages) => packages,
        Err(missing) => bail!("{}", missing.0),
    };
    let _alone = workspace::exclusive("typescript-client")?;
    let bench = Bench::new(packages)?;

    let equal = equality::write(&bench)?;
    let mut findings = check::typescript_project(&bench.tool("tsc"), &bench.work)?;
    for Finding { file, message } in &findings {
        eprintln!("{}: {message}", file.display());
    }
    println!("types: {} of ours are those of openapi-typescript, {} findings", equal, findings.len());

    let service = service()?;
    let tests = bench.test(&service)?;
    println!("tests: {}", if tests { "passed" } else { "FAILED" });

    let sizes = size::measure(&bench)?;
    size::print(&sizes);
    findings.extend(size::too_large(&sizes));

    if args.json {
        let sizes: Vec<_> = sizes.iter().map(Size::to_json).collect();
        let findings: Vec<_> = findings.iter().map(|finding| finding.message.as_str()).collect();
        println!("{}", json!({ "types": equal, "tests": tests, "sizes": sizes, "findings": findings }));
    }
    match findings.is_empty() && tests {
        true => Ok(Verdict::Good),
        false => Ok(Verdict::Findings),
    }
}

/// Builds the example's service and returns its path.
fn service() -> Result<PathBuf> {
    let mut cargo = process::cargo();
    let built = check::cargo_build(cargo.args(["build", "--package", "ci-service"]), |_| {})?;
    built.executables.into_iter().find(|(name, _)| name == "ci-service").map(|(_, path)| path).context("ci-service")
}
