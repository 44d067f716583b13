//! Witnesses that an API server confirms.

use anyhow::Result;
use crdgen_diff::{Finding, Outcome, Proof};
use crdgen_schema::{Crd, documents};
use serde::Serialize;
use serde_json::Value as Json;

/// Object that shows that a change breaks objects.
pub struct Case {
    /// Step and finding, for messages.
    pub name: String,
    /// Object that the old CRD accepts.
    pub object: Json,
    /// Stored object that `object` replaces, if the case is an update.
    pub before: Option<Json>,
    /// Consequence under the new CRD.
    pub expected: Expected,
    old: Json,
    new: Json,
}

/// Consequence of a change for an object that the old CRD accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The new CRD refuses the object.
    Refused,
    /// The new CRD drops or changes a field of the object.
    Loses,
}

/// Answer of an API server about a case.
pub enum Answer {
    /// The server does what the finding says.
    Confirmed,
    /// The server does something else.
    Denied(String),
    /// The server cannot take one of the CRDs.
    Skipped(String),
}

/// API server that judges witnesses.
pub trait Confirm {
    /// Judges a witness of the change from one CRD to another.
    ///
    /// # Errors
    ///
    /// Fails if the server does not answer.
    fn confirm(&mut self, old: &Json, new: &Json, case: &Case) -> Result<Answer>;
}

/// Number of witnesses by the answer of the server.
#[derive(Default, Serialize)]
pub struct Confirmed {
    pub sample: usize,
    pub confirmed: usize,
    pub skipped: usize,
    pub denied: Vec<String>,
}

/// Returns the cases of a step: witnesses that are refused or lose fields in one version. A finding without a pair of
/// CRDs, or about conversion between versions, is no case.
pub fn cases(step: &str, old: &[Crd], new: &[Crd], findings: &[Finding]) -> Vec<Case> {
    let versions = ["served-versions-diverge", "storage-version-changed", "conversion-changed", "status-added"];
    let with_witness = findings.iter().filter(|finding| !versions.contains(&finding.rule.id));
    with_witness
        .filter_map(|finding| {
            let Proof::Witness(witness) = &finding.proof else { return None };
            let expected = match witness.outcome {
                Outcome::Refused(_) => Expected::Refused,
                Outcome::Loses(_) => Expected::Loses,
                Outcome::Gone(_) => return None,
            };
            let crd = |crds: &[Crd]| crds.iter().find(|crd| crd.name == finding.crd).and_then(json);
            Some(Case {
                name: format!("{step}: {} {} {}", finding.crd, finding.rule.id, finding.path),
                object: witness.object.clone(),
                before: witness.before.clone(),
                expected,
                old: crd(old)?,
                new: crd(new)?,
            })
        })
        .collect()
}

/// Returns a CRD as JSON, from its source.
fn json(crd: &Crd) -> Option<Json> {
    let mut found = documents(&crd.source, &mut Vec::new()).into_iter().map(|document| document.root.to_json());
    let items = |root: Json| match root.get("items").and_then(Json::as_array) {
        Some(items) => items.clone(),
        None => vec![root],
    };
    let is_meant = |root: &Json| root["kind"] == "CustomResourceDefinition" && root["metadata"]["name"] == crd.name;
    found.find_map(|root| items(root).into_iter().find(is_meant))
}

/// Judges at most `most` cases, evenly chosen.
///
/// # Errors
///
/// Fails if the server does not answer.
pub fn sample(cases: Vec<Case>, most: usize, server: &mut dyn Confirm) -> Result<Confirmed> {
    let (count, most) = (cases.len(), most.min(cases.len()));
    let mut result = Confirmed::default();
    let is_chosen = |index: usize| (index + 1) * most / count > index * most / count;
    for (_, case) in cases.into_iter().enumerate().filter(|(index, _)| is_chosen(*index)) {
        result.sample += 1;
        match server.confirm(&case.old, &case.new, &case)? {
            Answer::Confirmed => result.confirmed += 1,
            Answer::Denied(reason) => {
                println!("not confirmed: {}: {reason}", case.name);
                println!("  {}", case.object);
                result.denied.push(format!("{}: {reason}", case.name));
            }
            Answer::Skipped(reason) => {
                println!("skipped: {}: {reason}", case.name);
                result.skipped += 1;
            }
        }
    }
    Ok(result)
}
