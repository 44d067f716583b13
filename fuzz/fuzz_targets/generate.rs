//! Every target from the schema of a CRD. Emitters check their own output, and an error of theirs is a defect.

#![no_main]

use crdgen::pipeline::{Error, Selection, Targets, generate};
use crdgen_fuzz::crds::crd;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Some(crd) = crd(text) else { return };
    let targets = Targets {
        rust: Some(Default::default()),
        axum: true,
        openapi: Some(Default::default()),
        typescript: Some(Default::default()),
        json_schema: Some(Default::default()),
        rbac: Some(Default::default()),
        docs: Some(Default::default()),
    };
    match generate(&[crd], &Selection::default(), &targets, &Default::default()) {
        Ok(_) | Err(Error::Selection(_)) => {}
        Err(Error::Emit(error)) => panic!("{error}"),
    }
});
