//! Every name that was given, so that later runs give it again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The names of an earlier run: a root for each resource version, and for each type the names behind its fields.
/// Together they give every path in every CRD its name, in space proportional to the number of types.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// `group/version/Kind` to the root type's name.
    #[serde(default)]
    pub roots: BTreeMap<String, String>,
    /// Type name to (property, with `[]` or `{}` for each list or map level) to the name of the type that stands there.
    #[serde(default)]
    pub types: BTreeMap<String, BTreeMap<String, String>>,
}
