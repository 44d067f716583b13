//! Targets of a run, with their options.

use crdgen_emit::{json_schema, openapi, rbac, rust, typescript};

/// Targets to emit, with their options. A target that is `None` is not emitted.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    /// Rust types.
    pub rust: Option<rust::Options>,
    /// The axum API, in the folder of the Rust types; needs `rust`.
    pub axum: bool,
    /// The OpenAPI document.
    pub openapi: Option<openapi::Options>,
    /// TypeScript types and client.
    pub typescript: Option<typescript::Options>,
    /// JSON Schemas.
    pub json_schema: Option<json_schema::Options>,
    /// Roles that allow exactly the verbs of the API.
    pub rbac: Option<rbac::Options>,
    /// Reference pages.
    pub docs: Option<Docs>,
}

/// Options of the reference pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// Whether the pages name the generated types.
    pub names: bool,
}
