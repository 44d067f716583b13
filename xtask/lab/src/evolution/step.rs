//! One step from a release to the next: findings, and random objects that show whether a finding is missing.

use std::collections::HashSet;

use cpu_time::ThreadTime;
use crdgen_diff::{Breach, Finding, Proof, breaches, compare, prove};
use crdgen_objects::Objects;
use crdgen_schema::{Admission, Crd};
use serde::Serialize;
use serde_json::Value as Json;

/// Results of a step.
#[derive(Default)]
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

/// Maximum number of missed breaches of a version that are kept.
const MOST: usize = 5;

/// Compares two releases, and judges `objects` random objects of each served version of each kind.
pub fn take(name: &str, old: &[Crd], new: &[Crd], objects: usize) -> Step {
    let start = ThreadTime::now();
    let mut findings = compare(old, new);
    prove(old, new, &mut findings);
    let mut step = Step { diff_seconds: start.elapsed().as_secs_f64(), ..Step::default() };
    let start = ThreadTime::now();
    for crd in old {
        let crd_findings: Vec<&Finding> = findings.iter().filter(|finding| finding.crd == crd.name).collect();
        match new.iter().find(|new| new.name == crd.name) {
            Some(new) => step.judge(name, &ordinary(crd), &ordinary(new), &crd_findings, objects),
            // Whatever an object is, it is gone. The finding may name the CRD that took the place of the old one.
            None => assert!(findings.iter().any(|finding| is_removal(finding, crd)), "{} is gone", crd.name),
        }
    }
    step.objects_seconds = start.elapsed().as_secs_f64();
    step.findings = findings;
    step
}

fn is_removal(finding: &Finding, crd: &Crd) -> bool {
    let old = finding.values.old.as_ref().and_then(Json::as_str);
    let is_name = |name: &str| old == Some(name);
    match finding.rule.id {
        "crd-removed" => finding.crd == crd.name,
        "group-changed" => is_name(&crd.group),
        "plural-changed" => is_name(&crd.names.plural),
        _ => false,
    }
}

/// Returns a copy in which `status` is an ordinary field, so that the status of objects is judged too.
fn ordinary(crd: &Crd) -> Crd {
    let mut crd = crd.clone();
    crd.versions.iter_mut().for_each(|version| version.status = false);
    crd
}

impl Step {
    fn judge(&mut self, name: &str, old: &Crd, new: &Crd, findings: &[&Finding], count: usize) {
        for version in old.versions.iter().filter(|version| version.served) {
            let Some(after) = new.versions.iter().find(|after| after.name == version.name && after.served) else {
                let is_gone = |finding: &&&Finding| matches!(finding.rule.id, "version-removed" | "version-unserved");
                assert!(findings.iter().any(|finding| is_gone(&finding)), "{} {} is gone", old.name, version.name);
                continue;
            };
            let objects = Objects::for_version(old, version);
            let (before, after) = (Admission::for_version(old, version), Admission::for_version(new, after));
            let mut rng = fastrand::Rng::with_seed(1);
            let mut seen = HashSet::new();
            let mut made = 0;
            let draws = (0..count).map(|_| objects.random(&mut rng)).chain([objects.minimal(), objects.full()]);
            for object in draws.filter_map(Result::ok) {
                made += 1;
                let found = breaches(&before, &after, &object);
                let uncovered = found.iter().find(|breach| !is_covered(breach, findings, &object));
                if let Some(breach) = uncovered
                    && seen.len() < MOST
                    && seen.insert(format!("{breach:?}"))
                {
                    self.missed.push(missed(name, old, breach, object));
                }
            }
            self.objects += made;
            self.without_objects += usize::from(made == 0);
        }
    }
}

fn is_covered(breach: &Breach, findings: &[&Finding], object: &Json) -> bool {
    findings.iter().any(|finding| breach.is_covered_by(finding, object))
}

fn missed(step: &str, crd: &Crd, breach: &Breach, object: Json) -> Missed {
    let breach_text = match breach {
        Breach::Refused { message, .. } => message.clone(),
        Breach::Lost(place) => format!("{place} is lost"),
    };
    Missed {
        step: step.to_owned(),
        crd: crd.name.clone(),
        path: breach.place().to_owned(),
        breach: breach_text,
        object,
    }
}

/// Returns whether a finding has a witness.
pub fn is_witnessed(finding: &Finding) -> bool {
    matches!(finding.proof, Proof::Witness(_))
}
