//! Verdicts on CRDs: schemas, and parts of a version.

use std::io::Read;
use std::path::Path;

use anyhow::Result;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::judge::{Miss, Outcome, What};
use crate::crd_verdict::verdict;
use crate::jsonl;

/// Record of a server's verdict on a CRD.
#[derive(Deserialize)]
struct Probe {
    name: String,
    accepted: bool,
    /// Schema of the objects. There is a default.
    schema: Option<Value>,
    /// Other fields of the version.
    #[serde(default)]
    version: Map<String, Value>,
}

#[derive(Deserialize)]
struct File {
    cases: Vec<Probe>,
}

/// Reads a file of probes and calls `add` with the result of each.
pub fn for_each(path: &Path, mut add: impl FnMut(&Outcome)) -> Result<()> {
    let mut text = String::new();
    jsonl::open(path)?.read_to_string(&mut text)?;
    let file: File = serde_json::from_str(&text)?;
    file.cases.iter().for_each(|probe| add(&judge(probe)));
    Ok(())
}

fn judge(probe: &Probe) -> Outcome {
    let ours = verdict(&crd(probe));
    let detail = match (probe.accepted, ours.refused.first()) {
        (true, Some(reason)) => format!("the server accepts: {reason}"),
        (false, None) => "the server refuses".to_owned(),
        _ => return Outcome::Judged(Vec::new()),
    };
    Outcome::Judged(vec![Miss { id: probe.name.clone(), what: What::Ok, path: String::new(), detail }])
}

fn crd(probe: &Probe) -> Value {
    let schema = probe.schema.clone().unwrap_or_else(|| {
        json!({
            "type": "object",
            "properties": {
                "spec": { "type": "object", "properties": { "list": { "type": "array", "items": { "type": "integer" } } } },
                "v": { "type": "object", "properties": { "a": { "type": "string" } } },
            },
        })
    });
    let mut crd = crate::crd_verdict::crd(&schema);
    let version = &mut crd["spec"]["versions"][0];
    for (field, value) in &probe.version {
        version[field] = value.clone();
    }
    crd
}
