//! Changes of a CRD. The input is the old and the new schema as two YAML documents. Every difference has a rule, a CRD
//! has no difference from itself, and no random object of the old CRD breaks without a finding.

#![no_main]

use crdgen_diff::{compare, prove, spot_check};
use crdgen_fuzz::crds::{crd_of, read};
use libfuzzer_sys::fuzz_target;

/// Random objects for each change. More of them find more, but each takes time.
const OBJECTS: usize = 3;

fuzz_target!(|text: &str| {
    let documents = read(text);
    let [old, new] = &documents[..] else { return };
    let (Some(old), Some(new)) = (crd_of(&old.root.to_json()), crd_of(&new.root.to_json())) else { return };
    let (old, new) = ([old], [new]);
    assert_eq!(compare(&old, &old).len(), 0);
    let mut findings = compare(&old, &new);
    prove(&old, &new, &mut findings);
    assert!(findings.iter().all(|finding| finding.rule.id != "unhandled"), "{findings:#?}");
    let check = spot_check(&old, &new, &findings, OBJECTS);
    if let Some(missed) = check.missed.first() {
        panic!("{:?}\nobject {}\nfindings {findings:#?}", missed.breach, missed.object);
    }
});
