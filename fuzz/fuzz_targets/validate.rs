//! Objects against schemas. The input is a schema and an object as two YAML documents. What was stored is stored again
//! without a change.

#![no_main]

use crdgen_fuzz::crds::{crd_of, read};
use crdgen_schema::Admission;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

fuzz_target!(|text: &str| {
    let documents = read(text);
    let [schema, object] = &documents[..] else { return };
    let Some(crd) = crd_of(&schema.root.to_json()) else { return };
    let admission = Admission::for_version(&crd, &crd.versions[0]);
    let mut object = object.root.to_json();
    if let Value::Object(fields) = &mut object {
        fields.insert("apiVersion".into(), "example.com/v1".into());
        fields.insert("kind".into(), "Lamp".into());
        fields.entry("metadata").or_insert_with(|| json!({ "name": "lamp" }));
    }
    let verdict = admission.admit(&mut object, None);
    if !verdict.is_accepted() || !verdict.is_decided() {
        return;
    }
    let stored = object.clone();
    let again = admission.admit(&mut object, Some(&stored));
    assert!(again.malformed.is_none() && again.causes.is_empty(), "{again:?}");
    assert!(again.unknown_fields.is_empty(), "{again:?}");
    assert_eq!(object, stored);
});
