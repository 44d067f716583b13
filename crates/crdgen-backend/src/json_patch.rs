//! JSON patches (RFC 6902).

mod apply;
mod pointer;

use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

/// JSON patch: steps that are applied in order. If one step fails, the object stays unchanged. A clone shares the
/// steps.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "Vec<JsonPatchStep>")]
pub struct JsonPatch(Arc<[JsonPatchStep]>);

/// Step of a JSON patch. Paths are JSON pointers, for example `/spec/tags/-`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum JsonPatchStep {
    /// Adds a field to an object, replaces a field that exists, or inserts an item into an array.
    Add {
        /// Path of the value.
        path: String,
        /// New value.
        value: Value,
    },
    /// Removes a value.
    Remove {
        /// Path of the value.
        path: String,
    },
    /// Replaces a value.
    Replace {
        /// Path of the value.
        path: String,
        /// New value.
        value: Value,
    },
    /// Moves a value.
    Move {
        /// Path of the value before the step.
        from: String,
        /// Path of the value after the step.
        path: String,
    },
    /// Copies a value.
    Copy {
        /// Path of the value.
        from: String,
        /// Path of the copy.
        path: String,
    },
    /// Fails the patch unless the value at `path` equals `value`.
    Test {
        /// Path of the value.
        path: String,
        /// Value that is expected at `path`.
        value: Value,
    },
}

impl JsonPatch {
    /// Returns the steps in order.
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
