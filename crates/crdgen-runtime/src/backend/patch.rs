//! JSON merge patches (RFC 7386).

use serde_json::{Map, Value};

/// A patch that names what changes: an object is merged, null removes, anything else replaces.
#[derive(Clone, Debug, PartialEq)]
pub struct MergePatch(Value);

impl MergePatch {
    /// A patch of an object.
    pub fn new(changes: Map<String, Value>) -> Self {
        Self(Value::Object(changes))
    }

    /// The patch as JSON, always an object.
    pub fn as_value(&self) -> &Value {
        &self.0
    }

    #[cfg(any(feature = "kube", feature = "memory"))]
    pub(crate) fn as_value_mut(&mut self) -> &mut Value {
        &mut self.0
    }

    /// Patches `target`.
    #[cfg(any(feature = "memory", feature = "server"))]
    pub fn apply(&self, target: &mut Value) -> super::Result<()> {
        json_patch::merge(target, &self.0);
        Ok(())
    }
}

impl From<Map<String, Value>> for MergePatch {
    fn from(changes: Map<String, Value>) -> Self {
        Self::new(changes)
    }
}
