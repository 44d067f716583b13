//! Objects as an API server stored them, read from files with its verdicts.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

use super::cases::{Case, Cases};
use super::probe;
use crate::jsonl;

/// A line of a file that is not a file of probes.
#[derive(Deserialize)]
struct Line {
    id: String,
    crd: String,
    ok: bool,
    #[serde(default)]
    stored: Option<Value>,
}

/// Reads the accepted cases of all files, in order.
pub fn read(files: &[impl AsRef<Path>]) -> Result<Cases> {
    let mut cases = Cases::default();
    for file in files {
        let file = file.as_ref();
        read_one(file, &mut cases).with_context(|| format!("cannot read {}", file.display()))?;
    }
    Ok(cases)
}

fn read_one(path: &Path, cases: &mut Cases) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.strip_suffix(".xz").unwrap_or(&name);
    let mut reader = jsonl::open(path)?;
    if name.ends_with(".json") {
        let mut text = String::new();
        reader.read_to_string(&mut text)?;
        return probe::read(&text, name, cases);
    }
    for line in jsonl::values::<Line>(reader) {
        let line = line?;
        if let (true, Some(object)) = (line.ok, line.stored) {
            cases.cases.push(Case { id: line.id, crd: line.crd, object });
        }
    }
    Ok(())
}
