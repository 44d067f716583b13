//! `--objects` and `--cluster`: existing objects that a change refuses or takes fields from.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crdgen_diff::{Breach, Impact, Stored};
use crdgen_schema::{Crd, Diagnostic, Node, collect, documents, into_items, is_list};
use serde_json::{Value as Json, json};

use super::cluster::Cluster;
use crate::report::{Finding, Level};

/// Results for all objects.
#[derive(Default)]
pub(super) struct Judged {
    pub(super) findings: Vec<Finding>,
    /// Diagnostics about files that cannot be read.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Number of objects whose kind one of the sides defines.
    pub(super) checked: usize,
}

/// Maximum number of findings about objects. There may be many objects with one problem.
const MOST: usize = 1000;

/// Maximum number of places of an object that a finding lists.
const MAX_PLACES: usize = 10;

/// Judges all objects, file by file, so that only one file is in memory.
pub(super) fn judge(inputs: &[String], old: &[Crd], new: &[Crd]) -> Judged {
    let mut judged = Judged::default();
    let mut stored = Stored::new(new);
    for input in inputs {
        for file in files(Path::new(input)) {
            let mut collected = collect(&[file.display().to_string()], io::stdin().lock());
            judged.diagnostics.append(&mut collected.diagnostics);
            for source in &collected.sources {
                for document in documents(source, &mut judged.diagnostics) {
                    judged.node(document.root, &document.source, old, &mut stored);
                }
            }
        }
    }
    judged
}

/// Returns the files of a folder, or the input itself.
fn files(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(path) else { return vec![path.to_owned()] };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let is_wanted = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_file = [".yaml", ".yml", ".json"].iter().any(|ending| name.ends_with(ending));
        // A link may lead out of the folder, or in a circle.
        !name.starts_with('.') && !path.is_symlink() && (path.is_dir() || is_file)
    };
    paths.into_iter().filter(is_wanted).flat_map(|path| files(&path)).collect()
}

impl Judged {
    /// Judges the objects of a cluster whose kinds both sides define.
    pub(super) fn add_cluster(&mut self, cluster: &Cluster, old: &[Crd], new: &[Crd]) -> Result<(), Box<Diagnostic>> {
        let mut stored = Stored::new(new);
        for crd in old {
            cluster.objects(crd, |source| {
                for document in documents(source, &mut self.diagnostics) {
                    self.node(document.root, &document.source, old, &mut stored);
                }
            })?;
        }
        Ok(())
    }

    fn node(
        &mut self,
        node: Node,
        source: &std::sync::Arc<crdgen_schema::Source>,
        old: &[Crd],
        stored: &mut Stored<'_>,
    ) {
        if is_list(&node) {
            into_items(node).into_iter().for_each(|item| self.node(item, source, old, stored));
            return;
        }
        let object = node.to_json();
        let Some(impact) = stored.judge(old, &object) else { return };
        self.checked += 1;
        if !impact.is_none() && self.findings.len() < MOST {
            self.findings.push(finding(&object, &impact, source, node.span));
        }
    }
}

fn finding(
    object: &Json,
    impact: &Impact,
    source: &std::sync::Arc<crdgen_schema::Source>,
    span: crdgen_schema::Span,
) -> Finding {
    let Impact { unchanged, changed, lost, gone } = impact;
    let (level, message) = if let Some(reason) = gone {
        (Level::Error, reason.clone())
    } else if !unchanged.is_empty() {
        (Level::Error, "a server refuses every update of the object".to_owned())
    } else if !lost.is_empty() {
        (Level::Error, format!("the object loses {}", shortened(lost)))
    } else {
        (
            Level::Warning,
            "a server refuses the object once an invalid value, or an object around it, changes".to_owned(),
        )
    };
    let name = name(object);
    let diagnostic = Diagnostic::error("diff::object", format!("{name}: {message}")).at(source, span);
    let mut finding = Finding::new(diagnostic, name).level(level);
    for (title, breaches) in [("refused unchanged", unchanged), ("refused when changed", changed)] {
        if !breaches.is_empty() {
            finding = finding.note(title, breaches.iter().take(MAX_PLACES).map(line).collect::<Vec<_>>().join("\n"));
        }
    }
    if !lost.is_empty() {
        finding = finding.note("lost fields", lost.iter().take(MAX_PLACES).cloned().collect::<Vec<_>>().join("\n"));
    }
    let lines = |breaches: &[Breach]| breaches.iter().map(line).collect::<Vec<_>>();
    finding.data.insert("unchanged".to_owned(), json!(lines(unchanged)));
    finding.data.insert("changed".to_owned(), json!(lines(changed)));
    finding.data.insert("lost".to_owned(), json!(lost));
    finding
}

fn line(breach: &Breach) -> String {
    match breach {
        Breach::Refused { message, .. } => message.clone(),
        Breach::Lost(place) => place.clone(),
    }
}

fn shortened(places: &[String]) -> String {
    match places {
        [only] => only.clone(),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
        [] => String::new(),
    }
}

/// Returns kind, namespace and name of an object.
fn name(object: &Json) -> String {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let (kind, metadata) = (text(&object["kind"]), &object["metadata"]);
    match (text(&metadata["namespace"]), text(&metadata["name"])) {
        (namespace, name) if namespace.is_empty() => format!("{kind} {name}"),
        (namespace, name) => format!("{kind} {namespace}/{name}"),
    }
}
