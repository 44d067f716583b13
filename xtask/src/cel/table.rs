//! The table of expressions: one file a library in `fixtures/cel`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::workspace;

/// A file of expressions.
pub struct Table {
    /// The file's name without its extension.
    pub name: String,
    path: PathBuf,
    pub groups: Vec<Group>,
}

/// Expressions over one value.
#[derive(Deserialize, Serialize)]
pub struct Group {
    pub schema: Value,
    /// `self`
    #[serde(rename = "self")]
    pub value: Value,
    /// `oldSelf`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    #[serde(default, rename = "optionalOldSelf", skip_serializing_if = "std::ops::Not::not")]
    pub optional_old_self: bool,
    /// The expressions, and what the server says of each.
    pub rows: BTreeMap<String, Verdict>,
}

/// What a server says of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// It cannot be evaluated on the value, which refuses it too.
    Error,
    /// No CRD may have such a rule.
    Refused,
}

impl Table {
    /// Every table, by name.
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

    /// Writes the table as it is now.
    pub fn save(&self) -> Result<()> {
        workspace::write(&self.path, &(serde_json::to_string_pretty(&self.groups)? + "\n"))
    }
}
