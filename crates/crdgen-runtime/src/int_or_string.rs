//! `x-kubernetes-int-or-string`.

use serde::{Deserialize, Serialize};

/// An int64 or a string, as `x-kubernetes-int-or-string` accepts them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum IntOrString {
    /// An integer.
    Int(i64),
    /// A string.
    String(String),
}
