//! Schema nodes with real rules: of the tables in `fixtures/cel`, and of the CRDs in the corpus if it is there.

use std::fs;

use anyhow::{Context, Result};
use crdgen_harness::workspace;
use crdgen_schema::source;
use serde_json::{Value, json};

use crate::corpus;

/// Maximum length of a node as JSON. The server needs long for a large one.
const MAX_NODE: usize = 20_000;

/// Returns all nodes, each with its own rules only.
pub fn all() -> Result<Vec<Value>> {
    let mut nodes = tables()?;
    let path = corpus::default_path();
    if path.exists() {
        for project in corpus::projects(&path)? {
            for file in &project.files {
                for document in source::documents(file, &mut Vec::new()) {
                    collect(&document.root.to_json(), &mut nodes);
                }
            }
        }
    }
    Ok(nodes)
}

fn tables() -> Result<Vec<Value>> {
    let mut nodes = Vec::new();
    for file in workspace::files(&workspace::root().join("fixtures/cel"), "json")? {
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let groups: Vec<Value> = serde_json::from_str(&text)?;
        for group in groups {
            let rules = group["rows"].as_object().into_iter().flatten();
            nodes.extend(rules.map(|(rule, _)| {
                let mut node = group["schema"].clone();
                node["x-kubernetes-validations"] = json!([{ "rule": rule }]);
                node
            }));
        }
    }
    Ok(nodes)
}

/// Adds the nodes with rules of a document.
fn collect(value: &Value, nodes: &mut Vec<Value>) {
    match value {
        Value::Object(fields) => {
            if fields.contains_key("x-kubernetes-validations") && value.to_string().len() <= MAX_NODE {
                nodes.push(value.clone());
            }
            fields.values().for_each(|field| collect(field, nodes));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, nodes)),
        _ => {}
    }
}
