//! Write of a random object.

use serde_json::Value;

/// A write to be judged: the new object and the one that it replaces.
#[derive(Clone, Debug)]
pub struct Write {
    pub schema: Value,
    pub status: bool,
    pub object: Value,
    pub old: Option<Value>,
}
