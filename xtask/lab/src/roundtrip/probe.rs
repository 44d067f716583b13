//! Field probes: schemas for one field, with values. Each schema becomes a CRD whose objects have only that field.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use crdgen_schema::Source;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::cases::{Case, Cases};

#[derive(Deserialize)]
struct File {
    cases: Vec<Probe>,
}

#[derive(Deserialize)]
struct Probe {
    name: String,
    schema: Value,
    /// Absent if the CRD itself was refused.
    #[serde(default)]
    ok: bool,
    #[serde(default, deserialize_with = "present")]
    stored: Option<Value>,
}

/// Deserializes null as a value, because null is stored too.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

const GROUP: &str = "probe.example.com";
const FIELD: &str = "v";
/// Marks a field that is not stored.
const ABSENT: &str = "!!ABSENT";

/// Adds the accepted probes of a file, and a CRD for each of their schemas.
pub fn read(text: &str, file: &str, cases: &mut Cases) -> Result<()> {
    let probes = serde_json::from_str::<File>(text)?.cases;
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for (index, probe) in probes.into_iter().enumerate() {
        let (true, Some(stored)) = (probe.ok, probe.stored) else { continue };
        let next = known.len();
        let number = *known.entry(probe.schema.to_string()).or_insert(next);
        let (kind, crd) = (format!("Probe{}", letters(number)), format!("{file}/{number}.json"));
        if number == next {
            let text = definition(&kind, probe.schema).to_string();
            cases.probes.push(Arc::new(Source { name: crd.clone(), text }));
        }
        let id = format!("{}#{index}", probe.name);
        cases.cases.push(Case { id, crd, object: object(&kind, stored) });
    }
    Ok(())
}

/// Returns a number as letters, because kinds do not end in a number.
fn letters(mut number: usize) -> String {
    let mut letters = String::new();
    loop {
        letters.insert(0, char::from(b'A' + (number % 26) as u8));
        number /= 26;
        if number == 0 {
            return letters;
        }
    }
}

fn definition(kind: &str, schema: Value) -> Value {
    let plural = kind.to_lowercase();
    let root = json!({"type": "object", "properties": {FIELD: schema}});
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{plural}.{GROUP}")},
        "spec": {
            "group": GROUP,
            "scope": "Cluster",
            "names": {"kind": kind, "plural": plural},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": root}}]
        }
    })
}

fn object(kind: &str, stored: Value) -> Value {
    let mut object = json!({"apiVersion": format!("{GROUP}/v1"), "kind": kind, "metadata": {"name": "x"}});
    if stored != ABSENT {
        object[FIELD] = stored;
    }
    object
}
