//! crdgen's verdict on a CRD.

use std::sync::Arc;

use crdgen_schema::cel::check_crd;
use crdgen_schema::{Severity, Source, crds, documents};
use serde_json::{Value, json};

/// Verdict on a CRD.
pub struct CrdVerdict {
    /// Reasons for which an API server refuses the CRD.
    pub refused: Vec<String>,
    /// Whether something was not checked.
    pub is_undecided: bool,
}

/// Returns a CRD with one version, whose objects have this schema.
pub fn crd(schema: &Value) -> Value {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": { "name": "probes.example.com" },
        "spec": {
            "group": "example.com",
            "names": { "kind": "Probe", "plural": "probes" },
            "scope": "Namespaced",
            "versions": [
                { "name": "v1", "served": true, "storage": true, "schema": { "openAPIV3Schema": schema } },
            ],
        },
    })
}

/// Codes of diagnostics about checks that only a server makes.
const UNCHECKED: [&str; 3] = ["cel::unchecked", "schema::default-unchecked", "schema::heavy-pattern"];

/// Judges a CRD.
pub fn verdict(crd: &Value) -> CrdVerdict {
    let source = Arc::new(Source { name: "crd.json".to_owned(), text: crd.to_string() });
    let mut diagnostics = Vec::new();
    let found = crds(documents(&source, &mut diagnostics), &mut diagnostics);
    diagnostics.extend(found.crds.iter().flat_map(|crd| check_crd(crd, Severity::Error)));
    let is_undecided = diagnostics.iter().any(|found| UNCHECKED.contains(&found.code));
    diagnostics.retain(|found| found.severity == Severity::Error);
    let refused = diagnostics.iter().map(|found| format!("{}: {}", found.code, found.message)).collect();
    CrdVerdict { refused, is_undecided }
}
