//! CRDs that occur more than once.

use std::collections::BTreeMap;

use super::find::Candidate;
use crate::Diagnostic;

/// Candidates with unique names.
pub(super) struct Distinct {
    pub(super) candidates: Vec<Candidate>,
    /// Number of candidates that were refused because they differ under one name.
    pub(super) refused: usize,
    /// Names of the refused candidates.
    pub(super) refused_names: Vec<String>,
}

/// Keeps one of equal CRDs. If CRDs of one name differ, all are refused: otherwise the order of the files would decide.
pub(super) fn distinct(candidates: Vec<Candidate>, diagnostics: &mut Vec<Diagnostic>) -> Distinct {
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
        same.sort_by_key(|index| (&candidates[*index].source.name, candidates[*index].root.span.offset));
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

fn equal(this: &Candidate, that: &Candidate) -> bool {
    match (this.root.get("spec"), that.root.get("spec")) {
        (Some(this), Some(that)) => this.same_content(that),
        (this, that) => this.is_none() && that.is_none(),
    }
}

fn contradiction(name: &str, first: &Candidate, other: &Candidate) -> Diagnostic {
    let place = first.root.span;
    let message = format!(
        "`{name}` is defined twice, with different specs: here and at {}:{}:{}",
        first.source.name, place.line, place.column
    );
    Diagnostic::error("crd::duplicate", message)
        .at(&other.source, other.root.span)
        .help("remove one of the two from the inputs")
}
