//! Documents of files, folders, globs and standard input.
//!
//! YAML means what kubectl means by it (YAML 1.1 scalars, merges, the last of two equal keys), JSON what the API server
//! means by it. Every node keeps its place; what cannot be read becomes a diagnostic, and the documents around it are read.

mod budget;
mod collect;
mod json;
mod lines;
mod mapping;
mod scalar;
mod text;
mod yaml;

use std::sync::Arc;

use crate::{Diagnostic, Node, Severity, Value};

pub use crate::document::{Document, Source};
pub use collect::{Collected, STDIN, collect};
pub(crate) use yaml::TEMPLATE;

/// What reading one source gives: the value of each document, in order, and what is wrong with it.
#[derive(Default)]
struct Read {
    roots: Vec<Node>,
    diagnostics: Vec<Diagnostic>,
}

impl Read {
    fn is_broken(&self) -> bool {
        self.diagnostics.iter().any(|found| found.severity == Severity::Error)
    }
}

/// Reads every document of one source, leaving out empty ones. A document with a syntax error becomes a diagnostic; the
/// documents before and after it are kept.
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

/// Like kubectl, tells JSON from YAML by the first character. YAML in flow style starts like JSON, and so does a template:
/// both get a second chance as YAML.
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
