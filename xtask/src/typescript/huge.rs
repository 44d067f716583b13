//! TypeScript of a kind that has an enum with as many values as a list of machine types or time zones.

use anyhow::{Result, ensure};
use crdgen::pipeline::{self, Selection, Targets};
use crdgen_emit::{Files, typescript};
use serde_json::{Value, json};

/// Number of the enum's values.
const VALUES: usize = 3_000;

/// The generated files.
pub fn files() -> Result<Files> {
    let input = pipeline::read(&["-".to_owned()], crd().to_string().as_bytes());
    ensure!(input.diagnostics.is_empty(), "{:?}", input.diagnostics);
    let targets = Targets { typescript: Some(typescript::Options::default()), ..Targets::default() };
    Ok(pipeline::generate(&input.crds, &Selection::default(), &targets, &Default::default())?.typescript)
}

fn crd() -> Value {
    let values: Vec<_> = (0..VALUES).map(|number| format!("size-{number}")).collect();
    let spec = json!({ "type": "object", "properties": { "size": { "type": "string", "enum": values } } });
    let schema = json!({ "type": "object", "properties": { "spec": spec } });
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": { "name": "machines.example.com" },
        "spec": {
            "group": "example.com",
            "names": { "kind": "Machine", "plural": "machines" },
            "scope": "Namespaced",
            "versions": [{ "name": "v1", "served": true, "storage": true, "schema": { "openAPIV3Schema": schema } }],
        },
    })
}
