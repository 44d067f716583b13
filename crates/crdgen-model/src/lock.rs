//! Names of a run, kept so that later runs give the same names.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Names of an earlier run: a root for each resource version, and for each type the types of its fields. Together they
/// give every path in every CRD its name, in space proportional to the number of types.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// Root type names by `group/version/Kind`.
    #[serde(default)]
    pub roots: BTreeMap<String, String>,
    /// Types of fields, by the name of the type that has the field and by the field's property, which is followed by
    /// `[]` or `{}` for each list or map level.
    #[serde(default)]
    pub types: BTreeMap<String, BTreeMap<String, String>>,
}
