//! CRDs that occur more than once.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::{Diagnostic, Source, Span};

/// A CRD, read or not.
pub(super) trait Named {
    /// Returns `metadata.name`.
    fn name(&self) -> Option<&str>;

    /// Returns the place of the CRD.
    fn place(&self) -> (&Arc<Source>, Span);
}

/// Candidates with unique names.
pub(super) struct Distinct<T> {
    pub(super) candidates: Vec<T>,
    /// Number of candidates that were refused because they differ under one name.
    pub(super) refused: usize,
    /// Names of the refused candidates.
    pub(super) refused_names: Vec<String>,
}

/// Keeps one of equal CRDs. If CRDs of one name differ, all are refused: otherwise the order of the files would decide.
pub(super) fn distinct<T: Named>(
    candidates: Vec<T>,
    equal: impl Fn(&T, &T) -> bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Distinct<T> {
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, candidate) in candidates.iter().enumerate() {
        if let Some(name) = candidate.name() {
            places.entry(name).or_default().push(index);
        }
    }
    let mut dropped = vec![false; candidates.len()];
    let mut refused = 0;
    let mut refused_names = Vec::new();
    for (name, mut same) in places.into_iter().filter(|(_, same)| same.len() > 1) {
        // The first is the first by file name, independent of the order of the files.
        same.sort_by_key(|index| {
            let (source, span) = candidates[*index].place();
            (&source.name, span.offset)
        });
        let (first, others) = same.split_first().expect("there are several");
        let different: Vec<usize> =
            others.iter().copied().filter(|other| !equal(&candidates[*first], &candidates[*other])).collect();
        others.iter().for_each(|other| dropped[*other] = true);
        if !different.is_empty() {
            dropped[*first] = true;
            refused += 1 + different.len();
            refused_names.push(name.to_owned());
        }
        diagnostics.extend(different.iter().map(|other| contradiction(name, &candidates[*first], &candidates[*other])));
    }
    let kept = candidates.into_iter().zip(dropped).filter(|(_, dropped)| !dropped);
    Distinct { candidates: kept.map(|(candidate, _)| candidate).collect(), refused, refused_names }
}

fn contradiction(name: &str, first: &impl Named, other: &impl Named) -> Diagnostic {
    let ((source, place), (other, span)) = (first.place(), other.place());
    let message = format!(
        "`{name}` is defined twice, with different specs: here and at {}:{}:{}",
        source.name, place.line, place.column
    );
    Diagnostic::error("crd::duplicate", message).at(other, span).help("remove one of the two from the inputs")
}
