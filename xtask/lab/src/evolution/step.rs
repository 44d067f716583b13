//! One step from a release to the next: findings, and random objects that show whether a finding is missing.

use cpu_time::ThreadTime;
use crdgen_diff::{Breach, Finding, Proof, compare, prove, spot_check};
use crdgen_schema::Crd;
use serde::Serialize;
use serde_json::Value as Json;

/// Results of a step.
pub struct Step {
    pub findings: Vec<Finding>,
    /// Breaches that no finding explains.
    pub missed: Vec<Missed>,
    /// Number of random objects that were judged.
    pub objects: usize,
    /// Number of versions for which no object could be made.
    pub without_objects: usize,
    /// CPU time of the comparison and the search for witnesses.
    pub diff_seconds: f64,
    /// CPU time of making and judging random objects.
    pub objects_seconds: f64,
}

/// An object that breaks without a finding that says so.
#[derive(Clone, Debug, Serialize)]
pub struct Missed {
    pub step: String,
    pub crd: String,
    pub path: String,
    /// Description of the refusal or loss.
    pub breach: String,
    pub object: Json,
}

/// Compares two releases, and judges `objects` random objects of each served version of each kind.
pub fn take(name: &str, old: &[Crd], new: &[Crd], objects: usize) -> Step {
    let start = ThreadTime::now();
    let mut findings = compare(old, new);
    prove(old, new, &mut findings);
    let diff_seconds = start.elapsed().as_secs_f64();
    let start = ThreadTime::now();
    let check = spot_check(old, new, &findings, objects);
    let gone = gone(old, new, &findings).into_iter().map(|(crd, breach)| Missed {
        step: name.to_owned(),
        crd,
        path: String::new(),
        breach,
        object: Json::Null,
    });
    let missed = check.missed.into_iter().map(|missed| Missed {
        step: name.to_owned(),
        crd: missed.crd,
        path: missed.breach.place().to_owned(),
        breach: match missed.breach {
            Breach::Refused { message, .. } => message,
            Breach::Lost(place) => format!("{place} is lost"),
        },
        object: missed.object,
    });
    Step {
        missed: gone.chain(missed).collect(),
        findings,
        objects: check.objects,
        without_objects: check.without_objects,
        diff_seconds,
        objects_seconds: start.elapsed().as_secs_f64(),
    }
}

/// Returns each CRD and each served version that is gone without a finding that says so, by the name of the CRD.
fn gone(old: &[Crd], new: &[Crd], findings: &[Finding]) -> Vec<(String, String)> {
    let mut unsaid = Vec::new();
    for crd in old {
        let Some(new) = new.iter().find(|new| new.name == crd.name) else {
            if !findings.iter().any(|finding| is_removal(finding, crd)) {
                unsaid.push((crd.name.clone(), "the CRD is gone".to_owned()));
            }
            continue;
        };
        for version in crd.versions.iter().filter(|version| version.served) {
            let is_there = new.versions.iter().any(|after| after.name == version.name && after.served);
            let says_so = |finding: &Finding| {
                finding.crd == crd.name
                    && finding.version.as_ref() == Some(&version.name)
                    && matches!(finding.rule.id, "version-removed" | "version-unserved")
            };
            if !is_there && !findings.iter().any(says_so) {
                unsaid.push((crd.name.clone(), format!("the version {} is gone", version.name)));
            }
        }
    }
    unsaid
}

/// Returns whether a finding says that a CRD is gone. It may name the CRD that took its place.
fn is_removal(finding: &Finding, crd: &Crd) -> bool {
    let old = finding.values.old.as_ref().and_then(Json::as_str);
    match finding.rule.id {
        "crd-removed" => finding.crd == crd.name,
        "group-changed" => old == Some(crd.group.as_str()),
        "plural-changed" => old == Some(crd.names.plural.as_str()),
        _ => false,
    }
}

/// Returns whether a finding has a witness.
pub fn is_witnessed(finding: &Finding) -> bool {
    matches!(finding.proof, Proof::Witness(_))
}
