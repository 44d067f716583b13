//! Search for objects that a change breaks.
//!
//! Candidates are made from the rule and from the old and the new schema of the field, by [`crdgen_objects`]. Each is
//! checked: the old CRD must accept it, and the new one must refuse it, or lose a part of it, at the field.

mod candidates;
mod judge;
mod mutate;
mod subject;
mod versions;

use std::collections::HashMap;

use crdgen_schema::Crd;

use crate::finding::Finding;
use crate::proof::{Outcome, Proof, Witness};
use subject::{Copies, Subject};

pub(crate) use judge::refusals;
pub use judge::{Breach, breaches};

/// Maximum number of findings of a CRD for which objects are sought. The others are alike.
const MOST: usize = 2000;

/// Looks for a witness of each finding that breaks objects, and sets [`Finding::proof`].
///
/// `old` and `new` are the CRDs from which [`compare`](crate::compare) made the findings. The work for a finding is
/// limited.
pub fn prove(old: &[Crd], new: &[Crd], findings: &mut [Finding]) {
    let mut by_crd: HashMap<String, Vec<&mut Finding>> = HashMap::new();
    for finding in findings.iter_mut().filter(|finding| finding.breaks_objects()) {
        by_crd.entry(finding.crd.clone()).or_default().push(finding);
    }
    for (name, findings) in by_crd {
        let Some(copies) = Copies::of(old, new, &name) else { continue };
        let subject = Subject::new(&copies);
        for (index, finding) in findings.into_iter().enumerate() {
            finding.proof = match index < MOST {
                true => of_finding(&subject, finding),
                false => Proof::Unproven("the CRD has too many other findings".to_owned()),
            };
        }
    }
}

fn of_finding(subject: &Subject<'_>, finding: &Finding) -> Proof {
    if let Some(reason) = subject.gone(finding) {
        return match subject.any_object(finding) {
            Ok(object) => Proof::Witness(Box::new(Witness { object, before: None, outcome: Outcome::Gone(reason) })),
            Err(reason) => Proof::Unproven(reason),
        };
    }
    match finding.rule.id {
        "served-versions-diverge" => versions::diverging(subject, finding),
        "storage-version-changed" | "conversion-changed" => versions::converted(subject),
        id => match subject.pair(finding) {
            Some(pair) => candidates::search(pair, id, &finding.path),
            None => Proof::Unproven("the version exists on one side only".to_owned()),
        },
    }
}
