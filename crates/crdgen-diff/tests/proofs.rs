//! Objects that show that a change breaks objects, for the pairs of CRDs of all rules (`fixtures/diff`).

#[allow(dead_code, reason = "other rules of the pairs are for other tests")]
mod fixtures;

use crdgen_diff::{Outcome, Proof, Witness, compare, prove, spot_check};
use crdgen_schema::{Admission, Crd};
use serde_json::{Value as Json, json};

/// Pairs, and rules on them, for which no witness is found.
const UNPROVEN: [(&str, &str); 5] = [
    ("expression-refused", "rule-added"),
    ("struct-became-map", "struct-became-map"),
    ("embedded-resource-unset", "embedded-resource-unset"),
    ("one-of-changed", "one-of-changed"),
    ("not-changed", "not-changed"),
];

/// Returns the witnesses of all findings, and the rules of those that have none.
fn proofs(old: &[Crd], new: &[Crd]) -> (Vec<Witness>, Vec<&'static str>) {
    let mut findings = compare(old, new);
    prove(old, new, &mut findings);
    let (mut witnesses, mut unproven) = (Vec::new(), Vec::new());
    for finding in findings {
        match finding.proof {
            Proof::None => assert!(!finding.breaks_objects(), "{}", finding.rule.id),
            Proof::Witness(witness) => witnesses.push(*witness),
            Proof::Unproven(_) => unproven.push(finding.rule.id),
        }
    }
    (witnesses, unproven)
}

/// Returns whether a server accepts a new object. The version of the object is one of the first CRD.
fn accepts(crds: &[Crd], object: &Json) -> bool {
    let name = object["apiVersion"].as_str().and_then(|text| text.rsplit('/').next()).unwrap_or_default();
    let version = crds[0].versions.iter().find(|version| version.name == name).expect("the version is there");
    Admission::for_version(&crds[0], version).admit(&mut object.clone(), None).is_accepted()
}

#[test]
fn almost_every_rule_that_breaks_objects_has_a_witness() {
    let mut missing = Vec::new();
    for pair in fixtures::pairs() {
        let (_, unproven) = proofs(&pair.old, &pair.new);
        missing.extend(unproven.into_iter().map(|rule| (pair.rule.clone(), rule)));
    }
    let expected = UNPROVEN.map(|(pair, rule)| (pair.to_owned(), rule));
    assert_eq!(missing, expected);
}

#[test]
fn the_old_crd_accepts_a_witness_and_the_new_one_refuses_it() {
    let mut refused = 0;
    for pair in fixtures::pairs() {
        let (witnesses, _) = proofs(&pair.old, &pair.new);
        for witness in witnesses.iter().filter(|witness| witness.before.is_none()) {
            if let Outcome::Refused(causes) = &witness.outcome
                && pair.rule != "served-versions-diverge"
            {
                assert!(!causes.is_empty() && accepts(&pair.old, &witness.object), "{}: {witness:?}", pair.rule);
                // The value of a scale is checked at the subresource.
                assert!(pair.rule == "scale-value-refused" || !accepts(&pair.new, &witness.object), "{}", pair.rule);
                refused += 1;
            }
        }
    }
    assert!(refused > 30, "{refused}");
}

#[test]
fn items_of_a_list_that_kept_undeclared_fields_lose_them() {
    let list = |keeps: bool| {
        let mut list = json!({"type": "array", "items": {"type": "object", "properties": {"a": {"type": "string"}}}});
        if keeps {
            list["x-kubernetes-preserve-unknown-fields"] = json!(true);
        }
        fixtures::side("field", &list, &Json::Null)
    };
    let (witnesses, unproven) = proofs(&list(true), &list(false));
    assert_eq!(unproven, [] as [&str; 0]);
    assert_eq!(witnesses[0].outcome, Outcome::Loses(vec!["spec.value[0].key".to_owned()]));
}

#[test]
fn a_text_that_is_too_long_matches_the_pattern_and_is_as_short_as_can_be() {
    let side = |most: u32| {
        let field = json!({"type": "string", "pattern": "^[a-z]+-[0-9]+$", "maxLength": most});
        fixtures::side("field", &field, &Json::Null)
    };
    let (witnesses, _) = proofs(&side(100), &side(9));
    assert_eq!(witnesses[0].object["spec"]["value"], "aaaaaaaa-0");
}

#[test]
fn random_objects_show_breaks_that_no_finding_explains() {
    let side = |most: u32| fixtures::side("field", &json!({"type": "integer", "maximum": most}), &Json::Null);
    let (old, new) = (side(1000), side(3));
    assert_eq!(spot_check(&old, &new, &compare(&old, &new), 20).missed.len(), 0);
    let missed = spot_check(&old, &new, &[], 20).missed;
    // One for each place.
    assert_eq!(missed.iter().map(|missed| missed.breach.place()).collect::<Vec<_>>(), ["spec.value"]);
}
