//! A stored object can be written again: nothing changes, and there are no new violations.

use std::path::Path;

use crdgen_schema::admission::Options;
use crdgen_schema::{Admission, Crd, load};
use crdgen_strategies::objects;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value as Json, json};

fn fixtures() -> Vec<Crd> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/accepted");
    let inputs = [folder.to_str().expect("a path of UTF-8").to_owned()];
    load(crdgen_schema::collect(&inputs, std::io::empty()), &mut Vec::new()).crds
}

/// Generates values for any position, which mostly do not belong there.
fn intruder() -> impl Strategy<Value = Json> {
    let values =
        [json!(null), json!({}), json!([]), json!(""), json!(0), json!(-1.5), json!(true), json!({"zz": [null]})];
    select(values.to_vec())
}

/// Puts a value into another at a random position, as a replacement or an addition.
fn put(value: &mut Json, steps: &[Index], intruder: &Json) {
    let Some((step, rest)) = steps.split_first() else { return *value = intruder.clone() };
    match value {
        Json::Object(fields) => match step.index(fields.len() + 1) {
            0 => drop(fields.insert("zzUnknown".to_owned(), intruder.clone())),
            at => fields.values_mut().nth(at - 1).into_iter().for_each(|value| put(value, rest, intruder)),
        },
        Json::Array(items) if !items.is_empty() => {
            let at = step.index(items.len());
            put(&mut items[at], rest, intruder);
        }
        _ => *value = intruder.clone(),
    }
}

#[test]
fn what_was_stored_is_stored_again() {
    let mut accepted = 0;
    for crd in fixtures() {
        for version in &crd.versions {
            // Storing as another version may lose fields that this one requires.
            let admission = Admission::new(&version.schema, Options::of(&crd, version));
            let api_version = format!("{}/{}", crd.group, version.name);
            let places = prop::collection::vec((prop::collection::vec(any::<Index>(), 1..6), intruder()), 0..3);
            let strategy = (objects(&api_version, &crd.names.kind, &version.schema), places);
            let mut runner = TestRunner::new(Config { cases: 32, failure_persistence: None, ..Config::default() });
            let result = runner.run(&strategy, |(mut object, places)| {
                places.iter().for_each(|(steps, intruder)| put(&mut object, steps, intruder));
                if !admission.admit(&mut object, None).is_accepted() {
                    return Ok(());
                }
                let stored = object.clone();
                let again = admission.admit(&mut object, None);
                prop_assert_eq!(again.causes, []);
                prop_assert_eq!(again.unknown_fields, [""; 0]);
                prop_assert_eq!(&object, &stored);
                let updated = admission.admit(&mut object, Some(&stored));
                prop_assert_eq!(updated.causes, []);
                prop_assert_eq!(&object, &stored);
                Ok(())
            });
            result.unwrap_or_else(|failure| panic!("{}: {failure}", crd.name));
            accepted += 1;
        }
    }
    assert!(accepted > 40);
}
