//! Verdicts on an object before and after a change.

use crdgen_schema::{Admission, Cause};
use serde_json::Value as Json;

use crate::finding::Finding;
use crate::loss::losses;
use crate::path::FieldPath;
use crate::place::{Relation, relation};
use crate::proof::Outcome;

/// Refusal of an object, or loss of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Breach {
    /// A server refuses the object because of the value at `place`.
    Refused {
        /// Place of the value, as a server writes it; empty for the object itself.
        place: String,
        /// Description of the violation.
        message: String,
    },
    /// A server drops or changes the field at this place.
    Lost(String),
}

impl Breach {
    /// Returns the place in the object; empty for the object itself.
    pub fn place(&self) -> &str {
        match self {
            Self::Refused { place, .. } | Self::Lost(place) => place,
        }
    }

    /// Returns whether a finding explains the breach: the finding breaks objects, and its field is at the place or
    /// above.
    pub fn is_covered_by(&self, finding: &Finding, object: &Json) -> bool {
        finding.breaks_objects() && relation(&finding.path, object, self.place()) == Relation::Within
    }
}

/// Returns the effects of a changed CRD on an object: the reasons why `after` refuses the object, and the fields that
/// it loses. The list is empty if there are none, or if `before` does not accept the object.
pub fn breaches(before: &Admission, after: &Admission, object: &Json) -> Vec<Breach> {
    let mut stored = object.clone();
    let accepted = before.admit(&mut stored, None);
    if !accepted.is_accepted() || !accepted.is_decided() {
        return Vec::new();
    }
    let mut breaches = refusals(after, object, None);
    let mut read = stored.clone();
    after.read(&mut read);
    breaches.extend(losses(&stored, &read).into_iter().map(Breach::Lost));
    breaches
}

/// Returns why a server refuses a new object, or an update.
pub(crate) fn refusals(admission: &Admission, object: &Json, old: Option<&Json>) -> Vec<Breach> {
    let verdict = admission.validate(object, old);
    if let Some(message) = verdict.malformed {
        // The message begins with the path of the value.
        let place = message.split(':').next().filter(|place| !place.contains(' ')).unwrap_or_default().to_owned();
        return vec![Breach::Refused { place, message }];
    }
    let has_path = |cause: &Cause| cause.path().is_some();
    let any_path = verdict.causes.iter().any(has_path);
    // A cause without a path says only that others exist.
    let causes = verdict.causes.iter().filter(|cause| has_path(cause) || !any_path);
    causes
        .map(|cause| Breach::Refused {
            place: cause.path().unwrap_or_default().trim_start_matches('.').to_owned(),
            message: cause.to_string(),
        })
        .collect()
}

/// Returns the outcome for an object if it breaks because of a change at `path`.
pub(super) fn outcome(before: &Admission, after: &Admission, object: &Json, path: &FieldPath) -> Option<Outcome> {
    chosen(breaches(before, after, object), object, path)
}

/// Returns the outcome of the breaches that a change at `path` causes.
pub(super) fn chosen(breaches: Vec<Breach>, object: &Json, path: &FieldPath) -> Option<Outcome> {
    const MOST: usize = 3;
    let (mut refused, mut lost) = (Vec::new(), Vec::new());
    let related = |breach: &Breach| match relation(path, object, breach.place()) {
        Relation::Within => true,
        // A constraint above the field may be the one that fails.
        Relation::Above => matches!(breach, Breach::Refused { .. }),
        Relation::Apart => false,
    };
    for breach in breaches.into_iter().filter(related) {
        match breach {
            Breach::Refused { message, .. } => refused.push(message),
            Breach::Lost(place) => lost.push(place),
        }
    }
    refused.truncate(MOST);
    lost.truncate(MOST);
    if !refused.is_empty() {
        Some(Outcome::Refused(refused))
    } else {
        (!lost.is_empty()).then_some(Outcome::Loses(lost))
    }
}
