//! A client of the CI service with the types of its OpenAPI document.
//!
//! crdgen writes `openapi.json` from the CRDs of the service, with `profile = "progenitor"`. progenitor makes a client
//! of it while this crate compiles. If a field in a CRD is renamed and the document generated again, callers of this
//! crate stop compiling.

// Lints do not apply to the code that progenitor generates.
#![allow(missing_docs, clippy::all)]

progenitor::generate_api!(spec = "openapi.json", interface = Builder);
