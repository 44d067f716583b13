//! JSON patches (RFC 6902).

#[cfg(any(feature = "memory", feature = "server"))]
mod apply;
#[cfg(any(feature = "memory", feature = "server"))]
mod pointer;

use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

/// Steps that are taken in order, all or none. A clone shares the steps.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "Vec<JsonPatchStep>")]
pub struct JsonPatch(pub(crate) Arc<[JsonPatchStep]>);

/// A step. Paths are JSON pointers: `/spec/tags/-`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum JsonPatchStep {
    /// Adds a field, or replaces it; inserts into an array.
    Add {
        /// Place of the value.
        path: String,
        /// The new value.
        value: Value,
    },
    /// Removes what is there.
    Remove {
        /// Place of the value.
        path: String,
    },
    /// Replaces what is there.
    Replace {
        /// Place of the value.
        path: String,
        /// The new value.
        value: Value,
    },
    /// Removes a value and adds it elsewhere.
    Move {
        /// Place of the value before.
        from: String,
        /// Place of the value after.
        path: String,
    },
    /// Adds a value that is elsewhere too.
    Copy {
        /// Place of the value.
        from: String,
        /// Place of the copy.
        path: String,
    },
    /// Refuses the patch unless the value is this.
    Test {
        /// Place of the value.
        path: String,
        /// The value that must be there.
        value: Value,
    },
}

impl JsonPatch {
    /// The steps in order.
    pub fn steps(&self) -> &[JsonPatchStep] {
        &self.0
    }
}

impl From<Vec<JsonPatchStep>> for JsonPatch {
    fn from(steps: Vec<JsonPatchStep>) -> Self {
        Self(steps.into())
    }
}

impl Serialize for JsonPatch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.steps().serialize(serializer)
    }
}
