//! Objects as an API server stored them, and the CRDs that exist in no file.

use std::sync::Arc;

use crdgen_schema::Source;
use serde_json::Value;

/// A stored object.
pub struct Case {
    /// Name of the case in its file.
    pub id: String,
    /// File of the CRD.
    pub crd: String,
    /// The object as the server stored it.
    pub object: Value,
}

/// All cases that were read.
#[derive(Default)]
pub struct Cases {
    pub cases: Vec<Case>,
    /// CRDs with one field each, which exist in no file.
    pub probes: Vec<Arc<Source>>,
}
