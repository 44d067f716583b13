//! Files with one JSON value per line, plain or compressed.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result};
use lzma_rust2::XzReader;
use serde::de::DeserializeOwned;

/// Opens a file and decompresses it if its name ends in `.xz`.
pub fn open(path: &Path) -> Result<Box<dyn BufRead>> {
    let file = BufReader::new(File::open(path).with_context(|| format!("cannot read {}", path.display()))?);
    Ok(match path.extension().is_some_and(|extension| extension == "xz") {
        true => Box::new(BufReader::new(XzReader::new(file, true))),
        false => Box::new(file),
    })
}

/// Returns the values of all lines that are not empty.
pub fn values<T: DeserializeOwned>(reader: impl BufRead) -> impl Iterator<Item = Result<T>> {
    let lines = reader.lines().enumerate();
    lines.filter(|(_, line)| !line.as_ref().is_ok_and(|line| line.trim().is_empty())).map(|(index, line)| {
        let place = || format!("line {}", index + 1);
        serde_json::from_str(&line.with_context(place)?).with_context(place)
    })
}
