//! Schemas of CRDs. A schema that is read, written and read again is written as before.

#![no_main]

use crdgen_fuzz::crds::{crd, read};
use crdgen_schema::Schema;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Some(document) = read(text).into_iter().next() else { return };
    if let Ok(schema) = Schema::from_json(&document.root.to_json()) {
        let written = schema.to_json();
        let again = Schema::from_json(&written).expect("a written schema can be read");
        assert_eq!(again.to_json(), written);
    }
    // With all checks of a CRD.
    crd(text);
});
