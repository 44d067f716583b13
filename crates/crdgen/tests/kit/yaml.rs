//! Files of the kit as JSON values.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crdgen_schema::{Source, documents};
use serde_json::Value as Json;

/// Returns the root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns the documents of a file of the kit.
pub fn read(file: &str) -> Vec<Json> {
    let text = fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let mut found = Vec::new();
    let source = Arc::new(Source { name: file.to_owned(), text });
    let documents = documents(&source, &mut found);
    assert!(found.is_empty(), "{found:?}");
    documents.iter().map(|document| document.root.to_json()).collect()
}
