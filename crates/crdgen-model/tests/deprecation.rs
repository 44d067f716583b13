//! Warnings for deprecated versions.

mod sample;

use crdgen_model::{Names, Selected, Settings, lower};
use sample::crd;

/// Returns the warning for `v1alpha1` of a CRD that has other versions, each given by its name, whether it is served
/// and whether it is deprecated.
fn said(own: &str, others: &[(&str, bool, bool)]) -> Option<String> {
    let versions: Vec<_> = ["v1alpha1"].into_iter().chain(others.iter().map(|other| other.0)).collect();
    let versions: Vec<_> = versions.into_iter().map(|version| (version, "{spec: {type: string}}")).collect();
    let mut crd = crd("a.example.com", "Relic", &versions);
    crd.versions[0].deprecated = Some(own.to_owned());
    for (version, (_, served, deprecated)) in crd.versions[1..].iter_mut().zip(others) {
        version.served = *served;
        version.deprecated = deprecated.then(String::new);
    }
    let selected = Selected { crd: &crd, versions: vec![&crd.versions[0]] };
    lower(&[selected], &Names::default(), &Settings::default()).model.resources[0].deprecated.clone()
}

#[test]
fn the_crds_own_words_are_taken() {
    assert_eq!(said("use something else", &[("v1", true, false)]).as_deref(), Some("use something else"));
}

#[test]
fn a_server_names_the_best_version_that_is_left() {
    let bare = "a.example.com/v1alpha1 Relic is deprecated";
    let best = |others| said("", others);
    assert_eq!(best(&[]).as_deref(), Some(bare));
    assert_eq!(best(&[("v1beta1", true, true), ("v1", false, false), ("a1", true, false)]).as_deref(), Some(bare));
    let others = [("v1beta1", true, false), ("v2", true, false), ("v1", true, false), ("v3alpha1", true, false)];
    assert_eq!(best(&others), Some(format!("{bare}; use a.example.com/v2 Relic")));
}
