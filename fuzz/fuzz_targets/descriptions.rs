//! Arbitrary text as a description. In no target may it contain anything active: code that runs, resources
//! that load, links that mislead.

#![no_main]

use crdgen_emit::fuzzing::{Dialect, active, safe};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for dialect in [Dialect::Rustdoc, Dialect::OpenApi, Dialect::JsDoc] {
        let written = safe(text, dialect);
        assert_eq!(active(&written, dialect), None, "{dialect:?}: {written:?}");
    }
});
