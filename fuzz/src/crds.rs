//! CRDs from the text of a schema.

use std::sync::Arc;

use crdgen_schema::{Crd, Diagnostic, Document, Severity, Source, crds, documents};
use serde_json::{Value, json};

/// Returns the documents of a text, without its problems.
pub fn read(text: &str) -> Vec<Document> {
    read_with(text, &mut Vec::new())
}

/// Returns the documents of a text.
pub fn read_with(text: &str, found: &mut Vec<Diagnostic>) -> Vec<Document> {
    documents(&Arc::new(Source { name: "fuzz.yaml".into(), text: text.into() }), found)
}

/// Returns a CRD with a schema as YAML, if it is one that an API server would accept.
pub fn crd(schema: &str) -> Option<Crd> {
    let schema = read(schema).first()?.root.to_json();
    crd_of(&schema)
}

/// Returns a CRD with a schema, if it is one that an API server would accept.
pub fn crd_of(schema: &Value) -> Option<Crd> {
    let crd = json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": { "name": "lamps.example.com" },
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": { "kind": "Lamp", "plural": "lamps" },
            "versions": [{ "name": "v1", "served": true, "storage": true, "schema": { "openAPIV3Schema": schema } }],
        },
    });
    let mut found = Vec::new();
    let crds = crds(read(&crd.to_string()), &mut found).crds;
    let is_refused = found.iter().any(|found| found.severity == Severity::Error);
    crds.into_iter().next().filter(|_| !is_refused)
}
