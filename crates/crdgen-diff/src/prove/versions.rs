//! Witnesses of findings about versions that are converted without a webhook.

use crdgen_objects::{Objects, values};
use crdgen_schema::crd::Version;
use crdgen_schema::{Admission, Crd};
use serde_json::{Value as Json, json};

use super::candidates::object_steps;
use super::judge::chosen;
use super::subject::Subject;
use crate::change::Sides;
use crate::compare;
use crate::effect::at;
use crate::finding::Finding;
use crate::path::FieldPath;
use crate::proof::{Outcome, Proof, Witness};
use crate::prove::judge::{Breach, breaches};

/// Number of values that are tried, and of differences between two versions.
const TRIES: usize = 6;

/// Searches for an object that loses a field when it is written in one version and stored in another.
pub(super) fn diverging(subject: &Subject<'_>, finding: &Finding) -> Proof {
    let Some((crd, served)) = subject.new_crd().and_then(|crd| Some((crd, version(crd, finding.version.as_deref())?)))
    else {
        return Proof::Unproven("the version does not exist".to_owned());
    };
    let Some(storage) = crd.versions.iter().find(|version| version.storage) else {
        return Proof::Unproven("no version is stored".to_owned());
    };
    let witness =
        between(crd, served, crd, storage, &finding.path).or_else(|| between(crd, storage, crd, served, &finding.path));
    proof(witness)
}

/// Searches for a stored object that loses a field, or is refused, as another version.
pub(super) fn converted(subject: &Subject<'_>, _: &Finding) -> Proof {
    let (old, Some(new)) = (subject.old(), subject.new_crd()) else {
        return Proof::Unproven("the CRD does not exist".to_owned());
    };
    let storage = |crd: &'_ Crd| crd.versions.iter().position(|version| version.storage);
    let (Some(before), Some(after)) = (storage(old), storage(new)) else {
        return Proof::Unproven("no version is stored".to_owned());
    };
    let others = new.versions.iter().enumerate().filter(|(index, version)| *index != after && version.served);
    let mut pairs = vec![(old, &old.versions[before])];
    pairs.extend(others.map(|(_, version)| (new, version)));
    let target = &new.versions[after];
    let found = pairs.into_iter().filter(|(_, version)| version.name != target.name).find_map(|(crd, version)| {
        let lost = compare::losses(Sides { old: crd, new }, version, target);
        lost.iter().take(TRIES).find_map(|lost| between(crd, version, new, target, &lost.path))
    });
    proof(found)
}

fn proof(witness: Option<Witness>) -> Proof {
    match witness {
        Some(witness) => Proof::Witness(Box::new(witness)),
        None => Proof::Unproven("no object was found that loses a field between the versions".to_owned()),
    }
}

fn version<'c>(crd: &'c Crd, name: Option<&str>) -> Option<&'c Version> {
    crd.versions.iter().find(|version| Some(version.name.as_str()) == name)
}

/// Returns an object of one version that breaks at `path` as an object of another.
fn between(from: &Crd, version: &Version, to: &Crd, other: &Version, path: &FieldPath) -> Option<Witness> {
    let schema = at(&version.schema, path.steps())?;
    let objects = Objects::for_version(from, version);
    let before = Admission::new(&version.schema, Default::default());
    let after = Admission::new(&other.schema, Default::default());
    let steps = object_steps(path);
    values(schema, TRIES).into_iter().find_map(|value| {
        let object = objects.with(&steps, value).ok()?;
        let mut converted: Json = object.clone();
        converted["apiVersion"] = json!(format!("{}/{}", to.group, other.name));
        let breaches: Vec<Breach> =
            breaches(&before, &after, &converted).into_iter().filter(|breach| breach.place() != "apiVersion").collect();
        let outcome: Outcome = chosen(breaches, &object, path)?;
        Some(Witness { object, before: None, outcome })
    })
}
