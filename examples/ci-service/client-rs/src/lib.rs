//! A client of the CI service with the types of its OpenAPI document.
//!
//! `openapi.json` is written by crdgen from the same CRDs as the service, with `profile = "progenitor"`; progenitor makes a
//! client of it while this crate compiles. Rename a field in a CRD and generate: callers of this crate stop compiling.

// What the generator writes is its own affair.
#![allow(missing_docs, clippy::all)]

progenitor::generate_api!(spec = "openapi.json", interface = Builder);
