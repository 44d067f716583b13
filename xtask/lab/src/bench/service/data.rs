//! Objects of the bench. They come from the generator of the baseline, in the folder of [`workspace::data`], if that and
//! Python are available, else from `crdgen-bench-service`, whose objects have the same shape.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use crdgen_harness::{process, workspace};

/// Source of the objects.
#[derive(Debug)]
pub struct Data {
    /// Description of the source for the report.
    pub source: &'static str,
    /// File with the objects; `None` if the fake API server generates them.
    pub path: Option<PathBuf>,
}

/// Returns a source of this number of objects.
pub fn of(objects: usize) -> Result<Data> {
    let script = workspace::data().join("baseline/gendata.py");
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
