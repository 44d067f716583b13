//! Compiled schemas of one CRD file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context, Result};
use crdgen::pipeline::{self, Selection, Targets, Versions};
use crdgen_emit::json_schema;
use crdgen_model::Names;
use crdgen_schema::{Crd, Source};
use jsonschema::{Validator, draft202012};
use serde_json::Value;

use crate::corpus;

/// Schemas by the `apiVersion` and `kind` of their objects.
#[derive(Default)]
pub struct Judge(BTreeMap<(String, String), Schemas>);

/// The two schemas of a kind.
pub struct Schemas {
    /// Schema for objects in responses.
    pub read: Validator,
    /// Schema for objects in requests.
    pub write: Validator,
    /// Whether objects are stored in this version.
    pub is_storage: bool,
}

impl Judge {
    /// Generates the schemas of every version in a file. There are none if the file is refused.
    pub fn new(file: &Arc<Source>) -> Result<Self> {
        let crds = corpus::crds(file, &mut Vec::new());
        let selection = Selection { versions: Versions::All, ..Selection::default() };
        // Descriptions do not affect validation.
        let options = json_schema::Options { docs: json_schema::Docs::None, ..Default::default() };
        let targets = Targets { json_schema: Some(options), ..Targets::default() };
        let Ok(output) = pipeline::generate(&crds, &selection, &targets, &Names::default()) else {
            return Ok(Self::default());
        };
        let kept: BTreeSet<_> = crds.iter().filter_map(kept_in).collect();
        let mut judge = Self::default();
        for (path, text) in &output.json_schema {
            let Some(write) = path.strip_suffix(".schema.json").map(|name| format!("{name}Input.schema.json")) else {
                continue;
            };
            let Some(write) = output.json_schema.get(&write) else { continue };
            let schema: Value = serde_json::from_str(text)?;
            let text = |property: &str| schema["properties"][property]["const"].as_str().unwrap_or_default().to_owned();
            let key = (text("apiVersion"), text("kind"));
            let is_storage = kept.contains(&key);
            let (read, write) = (validator(&schema, path)?, validator(&serde_json::from_str(write)?, path)?);
            judge.0.insert(key, Schemas { read, write, is_storage });
        }
        Ok(judge)
    }

    /// Returns the schemas for an object.
    pub fn schemas(&self, object: &Value) -> Option<&Schemas> {
        let text = |key: &str| object[key].as_str().unwrap_or_default().to_owned();
        self.0.get(&(text("apiVersion"), text("kind")))
    }
}

/// Returns the `apiVersion` and `kind` under which objects are stored.
fn kept_in(crd: &Crd) -> Option<(String, String)> {
    let version = crd.versions.iter().find(|version| version.storage)?;
    Some((format!("{}/{}", crd.group, version.name), crd.names.kind.clone()))
}

fn validator(schema: &Value, name: &str) -> Result<Validator> {
    draft202012::meta::validate(schema).map_err(|error| error.to_owned()).with_context(|| name.to_owned())?;
    draft202012::new(schema).with_context(|| name.to_owned())
}
