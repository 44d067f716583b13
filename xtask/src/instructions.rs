//! `instructions`: numbers of instructions that fixed jobs take, compared with the recorded ones: jobs of the command, and the
//! trimming of a list.
//!
//! Unlike times, these numbers do not depend on the load of the machine. They depend on the compiler, so the task is skipped
//! with another rustc than the one that the record names.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use crdgen_harness::{Verdict, process, workspace};
use serde::{Deserialize, Serialize};

/// Compare the instructions of fixed jobs with the recorded ones.
#[derive(clap::Args)]
pub struct Args {
    /// Record the numbers, with the reason why they have changed.
    #[arg(long, value_name = "REASON")]
    update: Option<String>,
}

/// Numbers in the repository.
#[derive(Debug, Deserialize, Serialize)]
struct Record {
    /// Reason of the last change.
    reason: String,
    /// Version of the compiler.
    rustc: String,
    /// Number of instructions of each job.
    instructions: BTreeMap<String, u64>,
}

/// Largest difference that is no finding, as a share of the recorded number. Hash maps with random keys and addresses
/// that differ from run to run make smaller ones.
const TOLERANCE: f64 = 0.02;

pub fn run(args: &Args) -> Result<Verdict> {
    let _alone = workspace::exclusive("instructions")?;
    if !process::is_installed("valgrind") {
        println!("skipped: valgrind is not installed");
        return Ok(Verdict::Good);
    }
    let rustc = rustc()?;
    let file = workspace::root().join("xtask/instructions.toml");
    let recorded: Option<Record> = fs::read_to_string(&file).ok().map(|text| toml::from_str(&text)).transpose()?;
    if let (None, Some(record)) = (&args.update, &recorded)
        && record.rustc != rustc
    {
        println!("skipped: the numbers are those of {}, and this is {rustc}", record.rustc);
        return Ok(Verdict::Good);
    }
    process::run(build().args(["--package", "crdgen"]))?;
    process::run(build().args(["--package", "crdgen-splitter", "--example", "trim"]))?;
    let instructions = measure()?;
    if let Some(reason) = &args.update {
        let record = Record { reason: reason.clone(), rustc, instructions };
        workspace::write(&file, &toml::to_string(&record)?)?;
        return Ok(Verdict::Good);
    }
    let recorded = recorded.context("there is no record: `cargo xtask instructions --update REASON` writes one")?;
    Ok(compare(&recorded.instructions, &instructions))
}

/// Returns the command that builds a program. Without optimisation at link time a change of one crate moves the numbers of
/// that crate only.
fn build() -> Command {
    let mut cargo = process::cargo();
    cargo.args(["build", "--quiet", "--release"]);
    let profile = [("LTO", "off"), ("CODEGEN_UNITS", "16"), ("DEBUG", "1")];
    cargo.envs(profile.map(|(setting, value)| (format!("CARGO_PROFILE_RELEASE_{setting}"), value)));
    cargo.env("CARGO_INCREMENTAL", "0");
    cargo
}

fn rustc() -> Result<String> {
    let output = process::capture(Command::new("rustc").arg("--version"))?;
    Ok(process::text(&output).trim().to_owned())
}

/// Returns the number of instructions of each job.
fn measure() -> Result<BTreeMap<String, u64>> {
    let folder = workspace::scratch("instructions");
    workspace::empty(&folder)?;
    let root = workspace::root();
    let (example, large) = (root.join("examples/ci-service/crds"), folder.join("large.json"));
    workspace::write(&large, &wide("Wide", 2000))?;
    let (many, larger) = (folder.join("many"), folder.join("larger.json"));
    for index in 0..50 {
        workspace::write(&many.join(format!("{index}.json")), &wide(&format!("Wide{index}"), 50))?;
    }
    workspace::write(&larger, &wide("Wide", 2020))?;
    let (manifests, list) = (folder.join("objects.json"), folder.join("list.json"));
    workspace::write(&manifests, &objects(1000))?;
    workspace::write(&list, &objects(200))?;
    let small = root.join("crates/crdgen/tests/data/widgets.yaml");
    let (out, again) = (folder.join("out"), folder.join("again"));
    let validation = vec!["validate".into(), manifests.into(), "--crds".into(), large.clone().into()];
    let difference = vec!["diff".into(), large.clone().into(), larger.into(), "--format=json".into()];
    let release = workspace::target().join("release");
    let (crdgen, trim) = (release.join("crdgen"), release.join("examples/trim"));
    let jobs: [(&str, &Path, Vec<OsString>); 9] = [
        ("start", &crdgen, vec!["--version".into()]),
        ("a small CRD", &crdgen, generate(&small, &out.join("small"))),
        ("a CRD of 2000 properties", &crdgen, generate(&large, &out.join("large"))),
        ("50 CRDs of 50 properties", &crdgen, generate(&many, &out.join("many"))),
        ("the example", &crdgen, generate(&example, &again)),
        ("the example again", &crdgen, generate(&example, &again)),
        ("validation of 1000 objects", &crdgen, validation),
        ("20 properties more", &crdgen, difference),
        ("200 items trimmed", &trim, vec![list.into()]),
    ];
    let counts = jobs.into_iter().map(|(name, program, words)| Ok((name.to_owned(), count(program, &words, &folder)?)));
    counts.collect()
}

/// Returns the arguments for all targets, on one thread.
fn generate(input: &Path, out: &Path) -> Vec<OsString> {
    let mut words: Vec<OsString> = ["generate", "--quiet", "--no-config", "--jobs=1", "--axum"].map(Into::into).into();
    words.push(input.into());
    let places = [
        ("--rust", "rust"),
        ("--openapi", "openapi.json"),
        ("--typescript", "web"),
        ("--json-schema", "schemas"),
        ("--rbac", "rbac.yaml"),
    ];
    for (option, place) in places {
        words.extend([option.into(), out.join(place).into()]);
    }
    words
}

/// Returns a CRD of a kind with this many properties.
fn wide(kind: &str, properties: usize) -> String {
    let properties: serde_json::Map<_, _> = (0..properties)
        .map(|index| {
            let description = format!("Number {index} of the `properties`, which is *optional*.");
            (format!("fieldNumber{index}"), serde_json::json!({ "type": "string", "description": description }))
        })
        .collect();
    let spec = serde_json::json!({ "type": "object", "properties": properties });
    let schema = serde_json::json!({ "type": "object", "properties": { "spec": spec } });
    let version = serde_json::json!({
        "name": "v1", "served": true, "storage": true, "schema": { "openAPIV3Schema": schema },
    });
    let plural = format!("{}s", kind.to_lowercase());
    let crd = serde_json::json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": { "name": format!("{plural}.example.com") },
        "spec": {
            "group": "example.com",
            "names": { "kind": kind, "plural": plural },
            "scope": "Namespaced",
            "versions": [version],
        },
    });
    crd.to_string()
}

/// Returns a list of objects of the CRD of the kind `Wide`.
fn objects(count: usize) -> String {
    let object = |index: usize| {
        let spec: serde_json::Map<_, _> =
            (0..20).map(|field| (format!("fieldNumber{}", field * 100), "text".into())).collect();
        let manager = serde_json::json!({ "manager": "kubectl", "fieldsV1": { "f:spec": spec.clone() } });
        let metadata = serde_json::json!({
            "name": format!("wide-{index}"), "namespace": "default", "managedFields": [manager],
        });
        serde_json::json!({ "apiVersion": "example.com/v1", "kind": "Wide", "metadata": metadata, "spec": spec })
    };
    let items: Vec<_> = (0..count).map(object).collect();
    serde_json::json!({ "apiVersion": "v1", "kind": "List", "items": items }).to_string()
}

/// Runs a program under valgrind and returns the number of its instructions.
fn count(program: &Path, words: &[OsString], folder: &Path) -> Result<u64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program).args(words);
    let output = process::capture(valgrind.env("XDG_CACHE_HOME", folder.join("cache")))?;
    let text = process::text(&output);
    // `diff` exits with 100 if a change breaks objects.
    if !matches!(output.status.code(), Some(0 | 100)) {
        bail!("{text}");
    }
    let collected = text.lines().find_map(|line| line.rsplit_once("Collected : "));
    let (_, number) = collected.with_context(|| format!("valgrind says no number: {text}"))?;
    Ok(number.trim().parse()?)
}

fn compare(recorded: &BTreeMap<String, u64>, now: &BTreeMap<String, u64>) -> Verdict {
    let mut verdict = Verdict::Good;
    for (job, now) in now {
        let Some(before) = recorded.get(job) else {
            println!("{job}: {now}, not recorded");
            verdict = Verdict::Findings;
            continue;
        };
        let change = *now as f64 / *before as f64 - 1.0;
        let is_over = change.abs() > TOLERANCE;
        println!("{job:<28}{now:>16}{:>+9.2} %{}", change * 100.0, if is_over { "  beyond the tolerance" } else { "" });
        if is_over {
            verdict = Verdict::Findings;
        }
    }
    if matches!(verdict, Verdict::Findings) {
        println!("if the change is meant: `cargo xtask instructions --update REASON`");
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(before: u64, now: u64) -> bool {
        let map = |number| BTreeMap::from([("a".to_owned(), number)]);
        matches!(compare(&map(before), &map(now)), Verdict::Good)
    }

    #[test]
    fn small_changes_are_no_findings_in_either_direction() {
        assert!(verdict(1000, 1019) && verdict(1000, 981));
        assert!(!verdict(1000, 1021) && !verdict(1000, 979));
        assert!(matches!(compare(&BTreeMap::new(), &BTreeMap::from([("a".to_owned(), 1)])), Verdict::Findings));
    }
}
