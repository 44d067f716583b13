//! Tables of CEL expressions: one file for each library in `fixtures/cel`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use crdgen_harness::workspace;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A file of expressions.
pub struct Table {
    /// Name of the file without its extension.
    pub name: String,
    path: PathBuf,
    pub groups: Vec<Group>,
}

/// Expressions over one value.
#[derive(Deserialize, Serialize)]
pub struct Group {
    pub schema: Value,
    /// Value of `self`.
    #[serde(rename = "self")]
    pub value: Value,
    /// Value of `oldSelf`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    #[serde(default, rename = "optionalOldSelf", skip_serializing_if = "std::ops::Not::not")]
    pub optional_old_self: bool,
    /// Expressions with the verdicts of the server.
    pub rows: BTreeMap<String, Verdict>,
}

/// Verdict of the server on a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The rule holds.
    Pass,
    /// The rule does not hold.
    Fail,
    /// The rule cannot be evaluated on the value. The server refuses the value.
    Error,
    /// The rule is refused in a CRD.
    Refused,
}

impl Table {
    /// Reads all tables, sorted by name.
    pub fn all() -> Result<Vec<Self>> {
        let files = workspace::files(&workspace::root().join("fixtures/cel"), "json")?;
        files.into_iter().map(Self::read).collect()
    }

    fn read(path: PathBuf) -> Result<Self> {
        let read = || Ok(serde_json::from_str(&fs::read_to_string(&path)?)?);
        let groups = read().map_err(|error: anyhow::Error| error.context(path.display().to_string()))?;
        let name = path.file_stem().context("a table has a name")?.to_string_lossy().into_owned();
        Ok(Self { name, path, groups })
    }

    /// Writes the table to its file.
    pub fn save(&self) -> Result<()> {
        workspace::write(&self.path, &(serde_json::to_string_pretty(&self.groups)? + "\n"))
    }
}
