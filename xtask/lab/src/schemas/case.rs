//! Verdict of an API server on an object.

use serde::Deserialize;
use serde_json::Value;

/// An object with the server's verdict.
#[derive(Deserialize)]
pub struct Case {
    /// Name of the case in its file.
    pub id: String,
    /// File of the CRD.
    pub crd: String,
    /// The object as it was sent.
    pub object: Value,
    /// Whether the server accepted the object.
    pub ok: bool,
    /// The object as it was stored.
    #[serde(default)]
    pub stored: Option<Value>,
    /// Warnings of the server, for example `299 - "unknown field \"spec.x\""`.
    #[serde(default)]
    pub warnings: Vec<String>,
}
