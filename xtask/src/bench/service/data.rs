//! The objects of the bench: the shared generator's where it and Python are at hand, else those of `crdgen-bench-service`,
//! which have the same shape.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::{process, workspace};

/// Where the objects come from.
#[derive(Debug)]
pub struct Data {
    /// For people.
    pub source: &'static str,
    /// A file of them; `None` if the fake API server makes its own.
    pub path: Option<PathBuf>,
}

/// So many objects.
pub fn of(objects: usize) -> Result<Data> {
    let script = workspace::shared().join("baseline/gendata.py");
    if !script.is_file() || !process::is_installed("python3") {
        return Ok(Data { source: "Certificates of crdgen-bench-service", path: None });
    }
    let folder = workspace::scratch("bench-service").join(objects.to_string());
    let path = folder.join("certificates.jsonl");
    if !path.is_file() {
        process::run(Command::new("python3").arg(script).arg(objects.to_string()).arg(&folder))?;
    }
    Ok(Data { source: "Certificates of baseline/gendata.py", path: Some(path) })
}
