//! Schemas for the cases: versions of CRDs in a collection, and schemas in the cases themselves.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use crdgen_schema::{Admission, Crd, Node, Source, source};
use serde_json::{Value, json};

use super::case::{Case, FIELD};
use crate::corpus;

/// Everything that was prepared so far.
pub struct Subjects {
    collection: PathBuf,
    /// Files of the collection, read when the first case names a CRD.
    files: Option<Vec<Arc<Source>>>,
    /// CRDs by file, or the reason why there are none.
    crds: HashMap<String, Result<Crds, String>>,
    /// Admissions by file, kind and version, or by schema.
    admissions: HashMap<String, Result<Admission, String>>,
}

/// Contents of a file.
struct Crds {
    whole: Vec<Crd>,
    /// Schemas by version, for CRDs that need a kustomization to be complete.
    schemas: HashMap<String, Value>,
    /// Reason why other versions are not available.
    why: String,
}

/// Returns the schema of every version in a file, even if the CRD around it is invalid.
fn schemas(file: &Arc<Source>) -> HashMap<String, Value> {
    let documents = source::documents(file, &mut Vec::new());
    let versions = documents.iter().filter_map(|document| document.root.get("spec")?.get("versions"));
    let schema = |version: &Node| {
        let schema = version.get("schema")?.get("openAPIV3Schema")?;
        Some((version.get("name")?.as_str()?.to_owned(), schema.to_json()))
    };
    versions.flat_map(|versions| versions.items()).filter_map(schema).collect()
}

impl Subjects {
    pub fn new(collection: PathBuf) -> Self {
        Self { collection, files: None, crds: HashMap::new(), admissions: HashMap::new() }
    }

    /// Returns the admission for a case, or the reason why there is none.
    pub fn of(&mut self, case: &Case) -> Result<Result<&Admission, &str>> {
        let key = key(case);
        if !self.admissions.contains_key(&key) {
            let admission = match (&case.schema, &case.crd) {
                (Some(schema), _) => inline(case, schema),
                (None, Some(file)) => self.version(file, case)?,
                (None, None) => Err("the case names no schema".to_owned()),
            };
            self.admissions.insert(key.clone(), admission);
        }
        Ok(self.admissions[&key].as_ref().map_err(String::as_str))
    }

    fn version(&mut self, file: &str, case: &Case) -> Result<Result<Admission, String>> {
        if !self.crds.contains_key(file) {
            let crds = self.read(file)?;
            self.crds.insert(file.to_owned(), crds);
        }
        let crds = match &self.crds[file] {
            Ok(crds) => crds,
            Err(why) => return Ok(Err(why.clone())),
        };
        let object = case.object.as_ref().unwrap_or(&Value::Null);
        let (group, version) = object["apiVersion"].as_str().unwrap_or_default().split_once('/').unwrap_or_default();
        let version = case.version.as_deref().unwrap_or(version);
        let is_meant = |crd: &&Crd| crd.group == group && object["kind"] == *crd.names.kind;
        // The case may have changed the type of the object.
        let crd = crds.whole.iter().find(is_meant).or(crds.whole.first());
        let found = crd.and_then(|crd| Some((crd, crd.versions.iter().find(|found| found.name == version)?)));
        Ok(match (found, crds.schemas.get(version)) {
            (Some((crd, version)), _) => Ok(Admission::for_version(crd, version)),
            (None, Some(schema)) => of_schema(schema),
            (None, None) => Err(crds.why.clone()),
        })
    }

    fn read(&mut self, name: &str) -> Result<Result<Crds, String>> {
        if self.files.is_none() {
            let projects = corpus::projects(&self.collection)?;
            self.files = Some(projects.into_iter().flat_map(|project| project.files).collect());
        }
        let files = self.files.iter().flatten();
        let Some(file) = files.into_iter().find(|file| corpus::is_file(&file.name, name)) else {
            return Ok(Err(format!("{name} is not in the collection")));
        };
        let mut refused = Vec::new();
        let crds = corpus::crds(file, &mut refused);
        Ok(match (crds.is_empty(), refused.first()) {
            (true, Some(refusal)) => {
                let why = format!("{}:{}", refusal.file, refusal.reason);
                Ok(Crds { whole: crds, schemas: schemas(file), why })
            }
            _ => Ok(Crds { whole: crds, schemas: HashMap::new(), why: format!("{name} has no such version") }),
        })
    }
}

fn key(case: &Case) -> String {
    match (&case.schema, &case.crd) {
        (Some(schema), _) => format!("{} {schema}", case.is_probe()),
        (None, file) => {
            let object = case.object.as_ref().unwrap_or(&Value::Null);
            let version = case.version.as_deref().unwrap_or_default();
            format!("{} {version} {} {}", file.as_deref().unwrap_or_default(), object["apiVersion"], object["kind"])
        }
    }
}

/// Prepares a schema from a case. The schema of a probe describes a single field.
fn inline(case: &Case, schema: &Value) -> Result<Admission, String> {
    let root = json!({"type": "object", "properties": {FIELD: schema}});
    of_schema(if case.is_probe() { &root } else { schema })
}

fn of_schema(schema: &Value) -> Result<Admission, String> {
    Admission::from_json(schema).map_err(|diagnostics| {
        let messages: Vec<_> = diagnostics.into_iter().map(|found| found.message).collect();
        messages.join("; ")
    })
}
