//! Decoding of JSON values as Rust types.

use crdgen_backend::Cause;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Decodes a value as a type. The cause of a failure names the field.
pub(super) fn decode<T: DeserializeOwned>(value: Value) -> Result<T, Cause> {
    serde_path_to_error::deserialize(value)
        .map_err(|error| Cause::invalid(error.path().to_string(), error.inner().to_string()))
}
