//! A record of an API server's verdict, in any of the file formats.

use std::io::Read;
use std::path::Path;

use anyhow::Result;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use crate::jsonl;

/// A record. The formats have different fields.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Case {
    id: Option<String>,
    /// Name of a field probe.
    name: Option<String>,
    /// Group and test of a test suite.
    group: Option<String>,
    test: Option<String>,
    /// Change of the object, and its path.
    pub path: Option<String>,
    /// File of the CRD.
    pub crd: Option<String>,
    pub version: Option<String>,
    /// Schema instead of a CRD: of the object, of the field of a probe, or of `data`.
    pub schema: Option<Value>,
    pub object: Option<Value>,
    pub old_object: Option<Value>,
    /// Value of a probe's field.
    #[serde(deserialize_with = "present")]
    pub value: Option<Value>,
    /// Whether the field of a probe is not sent.
    absent: bool,
    /// Value that is validated with the schema alone.
    #[serde(deserialize_with = "present")]
    pub data: Option<Value>,
    /// Verdict on `data`.
    k8s: Option<bool>,
    ok: Option<bool>,
    /// HTTP status of the response.
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

/// Deserializes null as a value.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// Marks a field that is not stored.
pub const ABSENT: &str = "!!ABSENT";

/// Prefix of a value as raw text, for values that JSON would change.
const RAW: &str = "RAW:";

/// Name of the field of a probe.
pub const FIELD: &str = "v";

impl Case {
    /// Returns the name of the case for messages.
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

    /// Returns whether the server accepted the object; `None` if the server does not have the CRD or version.
    pub fn ok(&self) -> Option<bool> {
        const NOT_FOUND: u16 = 404;
        if self.status == Some(NOT_FOUND) { None } else { self.ok.or(self.k8s) }
    }

    /// Returns whether the schema is that of a field.
    pub fn is_probe(&self) -> bool {
        self.schema.is_some() && self.object.is_none() && self.data.is_none()
    }

    /// Returns the object that was sent; `None` if it is not valid JSON.
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

    /// Returns the fields of the causes, sorted.
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

/// Reads a file and calls `judge` for each case.
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
