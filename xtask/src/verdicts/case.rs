//! One record of an API server's verdicts, whatever file it stands in.

use std::io::Read;
use std::path::Path;

use anyhow::Result;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use crate::jsonl;

/// A record. Files differ in what they give.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Case {
    id: Option<String>,
    /// Of a field probe.
    name: Option<String>,
    /// Of a test suite.
    group: Option<String>,
    test: Option<String>,
    /// What was done to the object, and where.
    pub path: Option<String>,
    /// The file of the CRD.
    pub crd: Option<String>,
    pub version: Option<String>,
    /// In the place of a CRD: of the object, of the field of a probe, or of `data`.
    pub schema: Option<Value>,
    pub object: Option<Value>,
    pub old_object: Option<Value>,
    /// What the field of a probe holds.
    #[serde(deserialize_with = "present")]
    pub value: Option<Value>,
    /// The field of a probe is not sent.
    absent: bool,
    /// What is judged by the schema alone.
    #[serde(deserialize_with = "present")]
    pub data: Option<Value>,
    /// The verdict on it.
    k8s: Option<bool>,
    ok: Option<bool>,
    /// Of HTTP.
    status: Option<u16>,
    #[serde(deserialize_with = "present")]
    pub stored: Option<Value>,
    #[serde(alias = "errors")]
    causes: Option<Vec<Cause>>,
    pub unknown_fields: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Cause {
    field: String,
}

/// Null is a value too.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// What stands for a field that is not stored.
pub const ABSENT: &str = "!!ABSENT";

/// Before a value as it was written, which JSON cannot keep.
const RAW: &str = "RAW:";

/// The field of a probe.
pub const FIELD: &str = "v";

impl Case {
    /// What messages call it.
    pub fn id(&self) -> String {
        match (&self.id, &self.name, &self.group) {
            (Some(id), _, _) => id.clone(),
            (None, Some(name), _) if self.absent => format!("{name} absent"),
            (None, Some(name), _) => format!("{name} {}", self.value.as_ref().unwrap_or(&Value::Null)),
            (None, None, group) => {
                let texts = [group.as_deref(), self.test.as_deref()];
                texts.into_iter().flatten().collect::<Vec<_>>().join(": ")
            }
        }
    }

    /// Whether the server accepted it; none if it did not judge: it has no such CRD or version.
    pub fn ok(&self) -> Option<bool> {
        const NOT_FOUND: u16 = 404;
        if self.status == Some(NOT_FOUND) { None } else { self.ok.or(self.k8s) }
    }

    /// Whether the schema is that of a field.
    pub fn is_probe(&self) -> bool {
        self.schema.is_some() && self.object.is_none() && self.data.is_none()
    }

    /// What was sent; none if it is no JSON to a server.
    pub fn sent(&self) -> Option<Value> {
        if !self.is_probe() {
            return self.object.clone();
        }
        let mut object = json!({"apiVersion": "probe.example.com/v1", "kind": "Probe", "metadata": {"name": "x"}});
        if let (Some(value), false) = (&self.value, self.absent) {
            let raw = value.as_str().and_then(|text| text.strip_prefix(RAW));
            object[FIELD] = match raw {
                Some(raw) => serde_json::from_str(raw).ok()?,
                None => value.clone(),
            };
        }
        Some(object)
    }

    /// The fields of the causes, sorted.
    pub fn fields(&self) -> Vec<&str> {
        let mut fields: Vec<_> = self.causes.iter().flatten().map(|cause| cause.field.as_str()).collect();
        fields.sort_unstable();
        fields
    }
}

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

/// Reads the cases of a file one by one.
pub fn for_each(path: &Path, mut judge: impl FnMut(Case) -> Result<()>) -> Result<()> {
    let name = path.to_string_lossy();
    let mut reader = jsonl::open(path)?;
    if name.trim_end_matches(".xz").ends_with(".json") {
        let mut text = String::new();
        reader.read_to_string(&mut text)?;
        let file: File = serde_json::from_str(&text)?;
        return file.cases.into_iter().try_for_each(judge);
    }
    jsonl::values::<Case>(reader).try_for_each(|case| judge(case?))
}
