//! From sources to the CRDs in them.

use std::sync::Arc;

use super::find::{Finder, Found, KIND};
use crate::source::{self, Collected};
use crate::{Diagnostic, Severity, Source};

/// Reads all sources and finds the CRDs in them. A file that was named and holds none is worth a warning; nothing at all
/// is an error.
pub fn load(collected: Collected, diagnostics: &mut Vec<Diagnostic>) -> Found {
    let Collected { sources, named, diagnostics: mut unread } = collected;
    diagnostics.append(&mut unread);
    let mut finder = Finder::default();
    let mut without = Vec::new();
    for source in &sources {
        let before = (finder.candidates.len(), finder.found.refused, diagnostics.len());
        let documents = source::documents(source, diagnostics);
        documents.into_iter().for_each(|document| finder.object(&document.source, document.root, diagnostics));
        if before == (finder.candidates.len(), finder.found.refused, diagnostics.len()) && named.contains(&source.name)
        {
            without.push(source);
        }
    }
    let found = finder.finish(diagnostics);
    match found.crds.len() + found.refused {
        0 => diagnostics.extend(nothing_found(&sources, &found, diagnostics)),
        _ => diagnostics.extend(
            without
                .into_iter()
                .map(|source| Diagnostic::warning("source::no-crd", format!("`{}` holds no {KIND}", source.name))),
        ),
    }
    found
}

fn nothing_found(sources: &[Arc<Source>], found: &Found, diagnostics: &[Diagnostic]) -> Option<Diagnostic> {
    // An error before explains it already.
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
    let help = "give the files that `kubectl apply` would create the CRDs from, or `kubectl get crd <name> -o yaml`";
    Some(Diagnostic::error("source::no-crd", message).help(help))
}
