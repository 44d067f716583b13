//! JSON patches (RFC 6902).

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Steps that are taken in order, all or none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JsonPatch(pub Vec<JsonPatchStep>);

/// A step. Paths are JSON pointers: `/spec/tags/-`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum JsonPatchStep {
    /// Adds a field, or replaces it; inserts into an array.
    Add {
        /// Where.
        path: String,
        /// What.
        value: Value,
    },
    /// Removes what is there.
    Remove {
        /// Where.
        path: String,
    },
    /// Replaces what is there.
    Replace {
        /// Where.
        path: String,
        /// With what.
        value: Value,
    },
    /// Removes a value and adds it elsewhere.
    Move {
        /// Where it is.
        from: String,
        /// Where it goes.
        path: String,
    },
    /// Adds a value that is elsewhere too.
    Copy {
        /// Where it is.
        from: String,
        /// Where it is to be too.
        path: String,
    },
    /// Refuses the patch unless the value is this.
    Test {
        /// Where.
        path: String,
        /// What it must be.
        value: Value,
    },
}

impl From<Vec<JsonPatchStep>> for JsonPatch {
    fn from(steps: Vec<JsonPatchStep>) -> Self {
        Self(steps)
    }
}

#[cfg(any(feature = "memory", feature = "server"))]
impl JsonPatch {
    /// Patches `target`.
    pub fn apply(&self, target: &mut Value) -> super::Result<()> {
        let steps = serde_json::to_value(self).and_then(serde_json::from_value::<::json_patch::Patch>);
        let steps = steps.map_err(|error| super::Error::new(super::Reason::BadRequest, error.to_string()))?;
        ::json_patch::patch(target, &steps)
            .map_err(|error| super::Error::new(super::Reason::Invalid, error.to_string()))
    }
}
