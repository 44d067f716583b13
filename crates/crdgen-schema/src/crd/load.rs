//! Loading of CRDs from sources.

use std::sync::Arc;

use super::find::{Finder, Found, KIND};
use crate::source::{self, Collected};
use crate::{Diagnostic, Severity, Source};

/// Reads all sources and finds the CRDs in them.
///
/// A named file without a CRD causes a warning. No CRD at all is an error. A template that cannot be read is an error
/// if its file was named or contains CRDs; otherwise it only causes a warning, since a Helm chart has many templates
/// beside the CRDs in `crds/`.
pub fn load(collected: Collected, diagnostics: &mut Vec<Diagnostic>) -> Found {
    let Collected { sources, named, diagnostics: mut unread } = collected;
    diagnostics.append(&mut unread);
    let mut finder = Finder::default();
    let (mut without, mut templates) = (Vec::new(), Vec::new());
    for source in &sources {
        let is_named = named.contains(&source.name);
        let before = (finder.candidates.len(), finder.found.refused, diagnostics.len());
        let documents = source::documents(source, diagnostics);
        if !is_named && !speaks_of_crds(source) {
            let unread = diagnostics.split_off(before.2).into_iter();
            let (passed, other): (Vec<_>, Vec<_>) = unread.partition(|found| found.code == source::TEMPLATE);
            diagnostics.extend(other);
            templates.extend((!passed.is_empty()).then_some(source));
        }
        documents.into_iter().for_each(|document| finder.object(&document.source, document.root, diagnostics));
        if before == (finder.candidates.len(), finder.found.refused, diagnostics.len()) && is_named {
            without.push(source);
        }
    }
    diagnostics.extend(passed_over(&templates));
    let found = finder.finish(diagnostics);
    match found.crds.len() + found.refused {
        0 => diagnostics.extend(nothing_found(&sources, &found, diagnostics)),
        _ => diagnostics.extend(
            without
                .into_iter()
                .map(|source| Diagnostic::warning("source::no-crd", format!("`{}` contains no {KIND}", source.name))),
        ),
    }
    found
}

fn speaks_of_crds(source: &Source) -> bool {
    source.text.lines().any(|line| line.contains(KIND) && line.contains("kind"))
}

fn passed_over(templates: &[&Arc<Source>]) -> Option<Diagnostic> {
    let name = &templates.first()?.name;
    let which = match templates {
        [_] => format!("`{name}` is skipped: it looks like a Helm or Go template"),
        [_, more @ ..] => {
            format!("`{name}` and {} more files are skipped: they look like Helm or Go templates", more.len())
        }
        [] => return None,
    };
    let message = format!("{which} without CRDs");
    Some(Diagnostic::warning(source::TEMPLATE, message))
}

fn nothing_found(sources: &[Arc<Source>], found: &Found, diagnostics: &[Diagnostic]) -> Option<Diagnostic> {
    // An earlier error explains it already.
    if sources.is_empty() || diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return None;
    }
    let place = match sources {
        [source] => format!("`{}`", source.name),
        _ => format!("{} files", sources.len()),
    };
    let others = match found.skipped {
        0 => String::new(),
        1 => ", only 1 other object".to_owned(),
        count => format!(", only {count} other objects"),
    };
    let message = format!("no {KIND} in {place}{others}");
    let help = "name the files that contain the CRDs; `kubectl get crd <name> -o yaml` prints a CRD of a cluster";
    Some(Diagnostic::error("source::no-crd", message).help(help))
}
