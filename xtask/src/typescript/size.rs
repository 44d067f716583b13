//! Size of a page that makes one call.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use crdgen_harness::check::Finding;
use crdgen_harness::{process, workspace};
use serde::Deserialize;
use serde_json::{Value, json};

use super::bench::Bench;

/// Maximum size of the page with the measured call, minified, in bytes.
const LIMIT: usize = 3_000;
/// Call to which the limit applies. The other clients make it too.
const MEASURED: &str = "get one";

/// Sizes of a page, in bytes.
#[derive(Deserialize)]
pub struct Size {
    client: String,
    call: String,
    minified: usize,
    gzipped: usize,
}

impl Size {
    pub fn to_json(&self) -> Value {
        json!({ "client": self.client, "call": self.call, "minified": self.minified, "gzipped": self.gzipped })
    }
}

/// Bundles each page with esbuild and returns the sizes.
pub fn measure(bench: &Bench) -> Result<Vec<Size>> {
    let made = bench.work.join("sizes/hey-api");
    let mut hey_api = Command::new(bench.tool("openapi-ts"));
    hey_api
        .args(["--silent", "--no-log-file", "--input"])
        .arg(workspace::root().join("examples/ci-service/openapi.json"));
    let output = process::capture(hey_api.arg("--output").arg(&made))?;
    ensure!(output.status.success(), "openapi-ts: {}", process::text(&output));
    let mut node = Command::new("node");
    let output = process::capture(node.args(["--import", "tsx", "sizes/measure.ts"]).current_dir(&bench.work))?;
    ensure!(output.status.success(), "measure.ts: {}", process::text(&output));
    serde_json::from_slice(&output.stdout).context("measure.ts")
}

pub fn print(sizes: &[Size]) {
    println!("\n{:<14} {:<16} {:>9} {:>9}", "client", "page", "minified", "gzipped");
    for Size { client, call, minified, gzipped } in sizes {
        println!("{client:<14} {call:<16} {minified:>9} {gzipped:>9}");
    }
}

/// Returns a finding if crdgen's page exceeds the limit.
pub fn too_large(sizes: &[Size]) -> impl Iterator<Item = Finding> {
    let ours = sizes.iter().filter(|size| size.client == "crdgen" && size.call == MEASURED && size.minified > LIMIT);
    ours.map(|size| Finding {
        file: "sizes/measure.ts".into(),
        message: format!("{}: {} bytes, of {LIMIT} that it may have", size.call, size.minified),
    })
}
