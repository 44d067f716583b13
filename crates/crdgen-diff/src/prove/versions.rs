//! Witnesses of findings about versions that are converted without a webhook.

use crdgen_schema::Crd;

use super::candidates::search;
use super::subject::{Pair, Subject};
use crate::change::Sides;
use crate::compare;
use crate::finding::Finding;
use crate::proof::Proof;

/// Number of differences between two versions for which objects are sought.
const TRIES: usize = 6;

/// Searches for an object that loses a field when it is written in one version and stored in another, or that cannot be
/// written in the other version.
pub(super) fn diverging(subject: &Subject<'_>, finding: &Finding) -> Proof {
    let pair = finding.version.as_deref().and_then(|version| subject.diverging(version));
    let Some([forward, backward]) = pair else {
        return Proof::Unproven("the version is not served".to_owned());
    };
    let cause = finding.cause.unwrap_or(finding.rule).id;
    match cause {
        // Only the storage version declares the field, so an update through the served version drops it.
        "field-added-optional" => search(backward, "field-removed", &finding.path),
        _ => search(forward, cause, &finding.path),
    }
}

/// Searches for a stored object that loses a field, or is refused, as another version.
pub(super) fn converted(subject: &Subject<'_>) -> Proof {
    let none = || Proof::Unproven("no object was found that loses a field between the versions".to_owned());
    let (old, Some(new)) = (subject.old(), subject.new_crd()) else { return none() };
    let storage = |crd: &Crd| crd.versions.iter().position(|version| version.storage);
    let (Some(before), Some(after)) = (storage(old), storage(new)) else { return none() };
    let target = &new.versions[after];
    let stored = (old, &old.versions[before]);
    let served = new.versions.iter().filter(|version| version.served).map(|version| (new, version));
    let others = [stored].into_iter().chain(served).filter(|(_, version)| version.name != target.name);
    for (crd, version) in others {
        let lost = compare::losses(Sides { old: crd, new }, version, target);
        let pair = Pair::converted(crd, version, target);
        let proofs = lost.iter().take(TRIES).map(|lost| search(&pair, lost.rule.id, &lost.path));
        if let Some(proof) = proofs.into_iter().find(|proof| matches!(proof, Proof::Witness(_))) {
            return proof;
        }
    }
    none()
}
