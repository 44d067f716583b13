//! Checks of findings with random objects.

use std::collections::HashSet;

use crdgen_objects::Objects;
use crdgen_schema::{Admission, Crd};
use serde_json::Value as Json;

use crate::finding::Finding;
use crate::ordinary_status::ordinary;
use crate::prove::{Breach, breaches};

/// Maximum number of unexplained breaches of a version that are kept.
const MOST: usize = 5;

/// Result of checking random objects.
#[derive(Clone, Debug, Default)]
pub struct SpotCheck {
    /// Number of objects that were checked.
    pub objects: usize,
    /// Number of versions for which no object was made.
    pub without_objects: usize,
    /// Breaches that no finding explains. There should be none.
    pub missed: Vec<Missed>,
}

/// Object that breaks although no finding says so.
#[derive(Clone, Debug)]
pub struct Missed {
    /// Name of the CRD.
    pub crd: String,
    /// Version of the object.
    pub version: String,
    /// Refusal or loss.
    pub breach: Breach,
    /// Object that the old CRD accepts.
    pub object: Json,
}

/// Makes `count` random objects of each version that both sides serve, and checks them against the new CRD. Each
/// refusal and each lost field must be explained by a finding that breaks objects, at the field or above it.
///
/// The status of an object is checked too, also if the status is a subresource.
pub fn spot_check(old: &[Crd], new: &[Crd], findings: &[Finding], count: usize) -> SpotCheck {
    let mut check = SpotCheck::default();
    for crd in old {
        let Some(after) = new.iter().find(|after| after.name == crd.name) else { continue };
        let findings: Vec<&Finding> = findings.iter().filter(|finding| finding.crd == crd.name).collect();
        check.judge(&ordinary(crd), &ordinary(after), &findings, count);
    }
    check
}

impl SpotCheck {
    fn judge(&mut self, old: &Crd, new: &Crd, findings: &[&Finding], count: usize) {
        for version in old.versions.iter().filter(|version| version.served) {
            let is_same = |after: &&crdgen_schema::crd::Version| after.name == version.name && after.served;
            let Some(after) = new.versions.iter().find(is_same) else { continue };
            let objects = Objects::for_version(old, version);
            let (before, after) = (Admission::for_version(old, version), Admission::for_version(new, after));
            let mut rng = fastrand::Rng::with_seed(1);
            let mut seen = HashSet::new();
            let mut made = 0;
            let draws = (0..count).map(|_| objects.random(&mut rng)).chain([objects.minimal(), objects.full()]);
            for object in draws.filter_map(Result::ok) {
                made += 1;
                let found = breaches(&before, &after, &object);
                let is_covered =
                    |breach: &Breach| findings.iter().any(|finding| breach.is_covered_by(finding, &object));
                let Some(breach) = found.into_iter().find(|breach| !is_covered(breach)) else { continue };
                if seen.len() < MOST && seen.insert(breach.place().to_owned()) {
                    self.missed.push(Missed { crd: old.name.clone(), version: version.name.clone(), breach, object });
                }
            }
            self.objects += made;
            self.without_objects += usize::from(made == 0);
        }
    }
}
