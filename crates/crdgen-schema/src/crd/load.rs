//! Loading of CRDs from sources.

use std::num::NonZero;
use std::sync::Arc;

use super::candidate::Candidate;
use super::duplicate::Named;
use super::find::{Finder, Found, KIND};
use super::{Crd, duplicate, read};
use crate::source::{self, Collected};
use crate::texts::Texts;
use crate::{Diagnostic, Severity, Source, Span, parallel};

/// Reads all sources and finds the CRDs in them.
///
/// A named file without a CRD causes a warning. No CRD at all is an error. A template that cannot be read is an error
/// if its file was named or contains CRDs; otherwise it only causes a warning, since a Helm chart has many templates
/// beside the CRDs in `crds/`.
pub fn load(collected: Collected, diagnostics: &mut Vec<Diagnostic>) -> Found {
    load_on(NonZero::<usize>::MIN, collected, diagnostics)
}

/// Does what [`load`] does on at most `threads` threads. The result does not depend on their number.
pub fn load_on(threads: NonZero<usize>, collected: Collected, diagnostics: &mut Vec<Diagnostic>) -> Found {
    let Collected { sources, named, diagnostics: mut unread } = collected;
    diagnostics.append(&mut unread);
    let texts = Texts::default();
    let read = parallel::map(threads, sources.iter().collect(), |source| {
        FromSource::new(source, named.contains(&source.name), &texts)
    });
    let (mut found, mut candidates) = (Found::default(), Vec::new());
    let (mut without, mut templates) = (Vec::new(), Vec::new());
    for (source, mut read) in sources.iter().zip(read) {
        without.extend((read.is_empty() && named.contains(&source.name)).then_some(source));
        templates.extend(read.is_template.then_some(source));
        diagnostics.append(&mut read.diagnostics);
        found.skipped += read.skipped;
        found.refused += read.refused;
        found.refused_names.append(&mut read.refused_names);
        candidates.append(&mut read.candidates);
    }
    diagnostics.extend(passed_over(&templates));
    let distinct = duplicate::distinct(candidates, ReadCandidate::is_equal, diagnostics);
    found.refused += distinct.refused;
    found.refused_names.extend(distinct.refused_names);
    for mut candidate in distinct.candidates {
        diagnostics.append(&mut candidate.diagnostics);
        match candidate.crd {
            Some(crd) => found.crds.push(crd),
            None => {
                found.refused += 1;
                found.refused_names.extend(candidate.name);
            }
        }
    }
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

/// CRDs and findings of one source. Its nodes are not kept, since they take many times the memory of its text.
struct FromSource {
    candidates: Vec<ReadCandidate>,
    skipped: usize,
    refused: usize,
    refused_names: Vec<String>,
    /// Findings about documents, without those about their CRDs.
    diagnostics: Vec<Diagnostic>,
    /// Whether the source is passed over because it is a template.
    is_template: bool,
}

impl FromSource {
    fn new(source: &Arc<Source>, is_named: bool, texts: &Texts) -> Self {
        let mut diagnostics = Vec::new();
        let documents = source::documents(source, &mut diagnostics);
        let mut is_template = false;
        if !is_named && !speaks_of_crds(source) {
            let all = diagnostics.len();
            diagnostics.retain(|found| found.code != source::TEMPLATE);
            is_template = diagnostics.len() < all;
        }
        let mut finder = Finder::default();
        documents.into_iter().for_each(|document| finder.object(&document.source, document.root, &mut diagnostics));
        let Finder { found: Found { skipped, refused, refused_names, .. }, candidates } = finder;
        let candidates = candidates.into_iter().map(|candidate| ReadCandidate::new(candidate, texts)).collect();
        Self { candidates, skipped, refused, refused_names, diagnostics, is_template }
    }

    /// Returns whether there is nothing to say of a source but how many other objects it has.
    fn is_empty(&self) -> bool {
        self.candidates.is_empty() && self.refused == 0 && self.diagnostics.is_empty()
    }
}

/// A candidate after it was read.
struct ReadCandidate {
    source: Arc<Source>,
    span: Span,
    name: Option<String>,
    /// `None` if there are errors.
    crd: Option<Crd>,
    diagnostics: Vec<Diagnostic>,
}

impl ReadCandidate {
    fn new(candidate: Candidate, texts: &Texts) -> Self {
        let name = candidate.name().map(str::to_owned);
        let (source, span) = (candidate.source.clone(), candidate.root.span);
        let mut diagnostics = Vec::new();
        let crd = read::read(candidate, texts, &mut diagnostics);
        Self { source, span, name, crd, diagnostics }
    }

    /// Returns whether two candidates have the same spec. Reads their sources again, which is rarely needed.
    fn is_equal(&self, other: &Self) -> bool {
        match (self.again(), other.again()) {
            (Some(this), Some(that)) => this.is_equal(&that),
            _ => false,
        }
    }

    fn again(&self) -> Option<Candidate> {
        let mut finder = Finder::default();
        for document in source::documents(&self.source, &mut Vec::new()) {
            finder.object(&document.source, document.root, &mut Vec::new());
        }
        finder.candidates.into_iter().find(|candidate| candidate.root.span == self.span)
    }
}

impl Named for ReadCandidate {
    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn place(&self) -> (&Arc<Source>, Span) {
        (&self.source, self.span)
    }
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
