//! Comparison with a real API server's verdicts on schemas, if they are available in the folder that
//! `CRDGEN_CORPUS` names.

use std::path::PathBuf;
use std::sync::Arc;

use crdgen_schema::cel::check_crd;
use crdgen_schema::{Severity, Source, crds, documents};
use serde_json::{Value as Json, json};

#[test]
fn verdicts_are_those_of_a_real_api_server() {
    let Some(cases) = cases() else { return };
    let mut wrong = Vec::new();
    for case in &cases {
        let name = case["name"].as_str().expect("every case has a name");
        match (case["accepted"].as_bool().expect("every case has a verdict"), &verdict(case)) {
            (true, Err(reasons)) => wrong.push(format!("the server accepts {name}: {reasons}")),
            (false, Ok(())) => wrong.push(format!("the server refuses {name}")),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// Returns crdgen's verdict on a case. An error has the reasons.
fn verdict(case: &Json) -> Result<(), String> {
    let mut version = json!({
        "name": "v1",
        "served": true,
        "storage": true,
        "schema": {"openAPIV3Schema": {
            "type": "object",
            "properties": {
                "spec": {"type": "object", "properties": {"list": {"type": "array", "items": {"type": "integer"}}}},
                "v": {"type": "object", "properties": {"a": {"type": "string"}}},
            },
        }},
    });
    if let Some(schema) = case.get("schema") {
        version["schema"]["openAPIV3Schema"] = schema.clone();
    }
    for (field, value) in case.get("version").and_then(Json::as_object).into_iter().flatten() {
        version[field] = value.clone();
    }
    let crd = json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "probes.example.com"},
        "spec": {
            "group": "example.com",
            "names": {"kind": "Probe", "plural": "probes"},
            "scope": "Namespaced",
            "versions": [version],
        },
    });
    let source = Arc::new(Source { name: "probe.json".into(), text: crd.to_string() });
    let mut diagnostics = Vec::new();
    let documents = documents(&source, &mut diagnostics);
    let found = crds(documents, &mut diagnostics);
    diagnostics.extend(found.crds.iter().flat_map(|crd| check_crd(crd, Severity::Error)));
    diagnostics.retain(|found| found.severity == Severity::Error);
    match diagnostics.is_empty() {
        true => Ok(()),
        false => {
            let reasons = diagnostics.iter().map(|found| format!("{} {}", found.code, found.message));
            Err(reasons.collect::<Vec<_>>().join("; "))
        }
    }
}

fn cases() -> Option<Vec<Json>> {
    let Some(folder) = std::env::var_os("CRDGEN_CORPUS") else {
        println!("skipped: CRDGEN_CORPUS is not set");
        return None;
    };
    let file = PathBuf::from(folder).join("cases/crd_probes.json");
    let Ok(text) = std::fs::read_to_string(&file) else {
        println!("skipped: there is no {}", file.display());
        return None;
    };
    let mut probes: Json = serde_json::from_str(&text).expect("the probes are JSON");
    match probes["cases"].take() {
        Json::Array(cases) => Some(cases),
        _ => panic!("the probes are a list under `cases`"),
    }
}
