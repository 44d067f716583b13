//! Reading of inputs as CRDs, with one CRD for each kind of a group.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZero;

use crdgen_schema::crd;
use crdgen_schema::source::{Collected, collect};
use crdgen_schema::{Crd, Diagnostic};

use super::Input;
use crate::digest::Digest;

/// Reads files, folders, globs and `-`, which is `stdin`. The result does not depend on the order of
/// `inputs`.
pub fn read(inputs: &[String], stdin: impl io::Read) -> Input {
    load(NonZero::<usize>::MIN, collect(inputs, stdin))
}

/// Finds the CRDs in the sources of the inputs, on at most `threads` threads. The result depends neither on their number nor
/// on the order of the sources.
pub fn load(threads: NonZero<usize>, mut collected: Collected) -> Input {
    collected.sources.sort_by(|a, b| a.name.cmp(&b.name));
    let sources = collected.sources.iter().map(|source| (source.name.clone(), Digest::of(&source.text))).collect();
    let mut input = Input { sources, ..Input::default() };
    let found = crd::load_on(threads, collected, &mut input.diagnostics);
    input.skipped = found.skipped;
    input.refused = found.refused;
    input.take_one_of_each_kind(found.crds);
    input.crds.sort_by(|a, b| a.name.cmp(&b.name));
    input.diagnostics.sort_by(|a, b| place(a).cmp(&place(b)));
    input
}

impl Input {
    /// Keeps kinds that one CRD defines, and refuses kinds that several CRDs of a group define. An API server
    /// accepts the names of only one of them, and the inputs do not show which.
    fn take_one_of_each_kind(&mut self, crds: Vec<Crd>) {
        let mut kinds: BTreeMap<(String, String), Vec<Crd>> = BTreeMap::new();
        for crd in crds {
            kinds.entry((crd.group.clone(), crd.names.kind.clone())).or_default().push(crd);
        }
        for crds in kinds.into_values() {
            match <[Crd; 1]>::try_from(crds) {
                Ok(one) => self.crds.extend(one),
                Err(several) => {
                    self.refused += several.len();
                    let (first, others) = several.split_first().expect("no kind without a CRD");
                    self.diagnostics.extend(others.iter().map(|other| same_kind(other, first)));
                }
            }
        }
    }
}

/// Returns the sort key of a diagnostic. A diagnostic without a place, such as a missing input, comes first.
fn place(found: &Diagnostic) -> Option<(&str, usize)> {
    found.place.as_ref().map(|place| (place.source.name.as_str(), place.span.offset))
}

fn same_kind(other: &Crd, first: &Crd) -> Diagnostic {
    let Crd { group, names, .. } = other;
    let place = format!("{}:{}:{}", first.source.name, first.span.line, first.span.column);
    let message =
        format!("the kind `{}` of {group} is defined twice: here, and as `{}` at {place}", names.kind, first.name);
    Diagnostic::error("crd::same-kind", message)
        .at(&other.source, other.span)
        .path(other.name.clone())
        .help("an API server accepts only one of them: remove the other from the inputs")
}
