//! CRDs to generate from, as files in the scratch folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use crdgen_harness::workspace;
use serde_json::json;

use crate::corpus;

/// Sets of CRDs.
pub struct Subjects {
    /// One large, well-known CRD.
    pub prometheus: PathBuf,
    /// Schema of its first version, as JSON Schema.
    pub schema: PathBuf,
    /// CRDs of several projects, about 10 MB, or ten of them for a quick run. Every peer can read them.
    pub many: Vec<PathBuf>,
    /// All CRDs of the collection that are valid together.
    pub all: Vec<PathBuf>,
    /// Numbers of schema nodes, each with a CRD that has about so many.
    pub nodes: Vec<(usize, PathBuf)>,
}

/// Projects whose CRDs are the middle-sized set.
const MANY: [&str; 6] =
    ["cert-manager", "cloudnative-pg", "envoy-gateway", "kueue", "opentelemetry-operator", "tekton-pipeline"];
const PROMETHEUS: &str = "prometheus-operator/monitoring.coreos.com_prometheuses.yaml";

impl Subjects {
    /// Writes the subjects. With `quick` there are fewer CRDs.
    pub fn collect(quick: bool) -> Result<Self> {
        let folder = workspace::scratch("bench/generate/crds");
        workspace::empty(&folder)?;
        let most = if quick { 100 } else { usize::MAX };
        let (most_of_many, mut many) = (if quick { 10 } else { usize::MAX }, Vec::new());
        let (mut all, mut prometheus, mut kinds) = (Vec::new(), None, BTreeSet::new());
        let schema = folder.join("../prometheus.schema.json");
        let files = corpus::projects(&corpus::default_path())?.into_iter().flat_map(|project| project.files);
        for file in files.filter(|file| file.name.ends_with(".yaml")) {
            let mut diagnostics = Vec::new();
            let crds = corpus::crds(&file, &mut diagnostics);
            let [crd] = crds.as_slice() else { continue };
            let is_new = kinds.insert((crd.group.clone(), crd.names.kind.clone()));
            let is_of_many = file.name.split('/').next().is_some_and(|project| MANY.contains(&project));
            let is_of_many = is_of_many && many.len() < most_of_many;
            if !is_new || (all.len() >= most && !is_of_many && file.name != PROMETHEUS) {
                continue;
            }
            let path = folder.join(format!("{}.yaml", crd.name));
            workspace::write(&path, &file.text)?;
            if file.name == PROMETHEUS {
                prometheus = Some(path.clone());
                let schema_of = &crd.versions[0].schema;
                let json = json!({ "$schema": "http://json-schema.org/draft-07/schema#", "title": "Prometheus" });
                let json = json.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), value.clone()));
                let keywords = schema_of.to_json().as_object().cloned().unwrap_or_default();
                let json: serde_json::Map<_, _> = json.chain(keywords).collect();
                workspace::write(&schema, &serde_json::Value::Object(json).to_string())?;
            }
            if is_of_many {
                many.push(path.clone());
            }
            all.push(path);
        }
        let nodes =
            [100, 1000, 5000, 20_000].map(|count| synthetic(count, &folder.join(format!("../nodes/{count}.json"))));
        Ok(Self {
            prometheus: prometheus.with_context(|| format!("the collection has no {PROMETHEUS}"))?,
            schema,
            many,
            all,
            nodes: nodes.into_iter().collect::<Result<_>>()?,
        })
    }
}

/// Writes a CRD with about this many schema nodes: objects of twenty strings.
fn synthetic(count: usize, path: &Path) -> Result<(usize, PathBuf)> {
    workspace::write(path, &crd("larges", "Large", count, "A field."))?;
    Ok((count, path.to_owned()))
}

/// Returns the text of a CRD with about this many schema nodes, whose fields have this description.
pub fn crd(plural: &str, kind: &str, count: usize, description: &str) -> String {
    let object = |index: usize| {
        let fields: serde_json::Map<_, _> = (0..20)
            .map(|field| (format!("field{index}x{field}"), json!({ "type": "string", "description": description })))
            .collect();
        (format!("part{index}"), json!({ "type": "object", "properties": fields }))
    };
    let parts: serde_json::Map<_, _> = (0..count.div_ceil(21)).map(object).collect();
    let schema = json!({ "type": "object", "properties": { "spec": { "type": "object", "properties": parts } } });
    let crd = json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": { "name": format!("{plural}.example.com") },
        "spec": {
            "group": "example.com",
            "names": { "kind": kind, "plural": plural },
            "scope": "Namespaced",
            "versions": [{ "name": "v1", "served": true, "storage": true, "schema": { "openAPIV3Schema": schema } }],
        },
    });
    crd.to_string()
}
