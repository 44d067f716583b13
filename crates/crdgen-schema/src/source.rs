//! Documents of files, folders, globs and standard input.
//!
//! YAML is read as kubectl reads it (YAML 1.1 scalars, merges, the last of two equal keys), JSON as the API server
//! reads it. Every node keeps its position. A document that cannot be read becomes a diagnostic; the documents around
//! it are read.

mod budget;
mod collect;
mod json;
mod lines;
mod mapping;
mod read;
mod scalar;
mod text;
mod yaml;

use std::sync::Arc;

use crate::{Diagnostic, Value};

use read::Read;

pub use crate::document::{Document, Source};
pub use collect::{Collected, STDIN, collect};
pub(crate) use yaml::TEMPLATE;

/// Reads every document of one source and leaves out empty ones. A document with a syntax error becomes a diagnostic;
/// the documents before and after it are kept.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use crdgen_schema::{Source, documents};
/// use serde_json::json;
///
/// let source = Arc::new(Source { name: "boats.yaml".to_owned(), text: "a: yes\n---\nb: 1\n".to_owned() });
/// let mut diagnostics = Vec::new();
/// let documents = documents(&source, &mut diagnostics);
/// assert_eq!(documents.len(), 2);
/// assert_eq!(documents[0].root.to_json(), json!({"a": true}));
/// ```
pub fn documents(source: &Arc<Source>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Document> {
    let mut read = read(source);
    diagnostics.append(&mut read.diagnostics);
    read.roots
        .into_iter()
        .enumerate()
        .filter(|(_, root)| root.value != Value::Null)
        .map(|(index, root)| Document { source: source.clone(), index, root })
        .collect()
}

/// Reads a source as JSON or YAML. Like kubectl, decides by the first character. YAML in flow style and templates start
/// like JSON, so a text that is not valid JSON is read again as YAML.
fn read(source: &Arc<Source>) -> Read {
    let text = lines::without_bom(&source.text).trim_start();
    if source.name.ends_with(".json") {
        return json::read(source);
    }
    if !text.starts_with(['{', '[']) {
        return yaml::read(source);
    }
    let json = json::read(source);
    if !json.is_broken() {
        return json;
    }
    let yaml = yaml::read(source);
    if yaml.is_broken() && !text.starts_with("{{") { json } else { yaml }
}
