//! `crdgen diff --cluster` on the API server to which the example was deployed.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};
use crdgen_harness::{process, workspace};
use serde_json::{Value, json};

use super::manifests::{CRDS, Manifests};

/// Number of stored objects: more than crdgen reads at once.
const OBJECTS: usize = 600;

/// Compares the cluster with its own CRDs, and with a CRD that refuses one of the stored objects.
pub fn check(crdgen: &Path, manifests: &Manifests) -> Result<()> {
    manifests
        .create(&json!({"apiVersion": "v1", "kind": "List", "items": (0..OBJECTS).map(runner).collect::<Vec<_>>()}))?;
    let crds = workspace::root().join(CRDS);
    let same = diff(crdgen, manifests, &crds)?;
    expect(&same, 0, &["4 CRDs compared, 0 changes, ", &format!("{OBJECTS} objects checked, nothing breaks")])?;

    let runners = fs::read_to_string(crds.join("runners.yaml"))?;
    let (before, after) = runners.split_once("minimum: 0\n").context("a minimum of 0 in runners.yaml")?;
    let changed = workspace::scratch("deploy").join("runners.yaml");
    workspace::write(&changed, &format!("{before}minimum: 1\n{after}"))?;
    let stricter = diff(crdgen, manifests, &changed)?;
    expect(&stricter, 100, &["minimum-tightened", "Runner runner-0: ", "1 CRD compared, 1 change, "])?;
    let other = process::text(&stricter).matches("Runner runner-").count();
    ensure!(other == 1, "{other} objects of {OBJECTS} break, and one should");
    Ok(())
}

/// Creates a runner with `index` replicas.
fn runner(index: usize) -> Value {
    let spec = json!({"image": "worker", "replicas": index});
    json!({"apiVersion": "ci.example.com/v1", "kind": "Runner", "metadata": {"name": format!("runner-{index}")}, "spec": spec})
}

fn diff(crdgen: &Path, manifests: &Manifests, crds: &Path) -> Result<Output> {
    let mut command = Command::new(crdgen);
    command.args(["diff", "--cluster"]).arg(crds).env("KUBECONFIG", manifests.kubeconfig());
    process::capture(&mut command)
}

fn expect(output: &Output, code: i32, parts: &[&str]) -> Result<()> {
    let text = process::text(output);
    ensure!(output.status.code() == Some(code), "exit code {:?}, expected {code}: {text}", output.status.code());
    let missing = parts.iter().find(|part| !text.contains(*part));
    ensure!(missing.is_none(), "{missing:?} is not in {text}");
    Ok(())
}
