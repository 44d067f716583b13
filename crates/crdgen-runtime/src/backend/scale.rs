//! `autoscaling/v1` `Scale`: the replicas of an object, apart from everything else that it is.

use serde::{Deserialize, Serialize};

use crate::ObjectMeta;

/// The scale subresource of an object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scale {
    #[serde(default)]
    api_version: ScaleApiVersion,
    #[serde(default)]
    kind: ScaleKind,
    /// Name, namespace, uid and resourceVersion of the object.
    #[serde(default)]
    pub metadata: ObjectMeta,
    /// What is asked for.
    #[serde(default)]
    pub spec: ScaleSpec,
    /// What there is.
    #[serde(default)]
    pub status: ScaleStatus,
}

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScaleSpec {
    /// How many; none when absent.
    #[serde(default)]
    pub replicas: i32,
}

/// What there is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScaleStatus {
    /// How many were seen.
    #[serde(default)]
    pub replicas: i32,
    /// Label selector of the replicas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
}

impl Scale {
    /// A scale of the object that has this metadata.
    pub fn new(metadata: ObjectMeta, spec: ScaleSpec, status: ScaleStatus) -> Self {
        Self { metadata, spec, status, ..Self::default() }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum ScaleApiVersion {
    #[default]
    #[serde(rename = "autoscaling/v1")]
    AutoscalingV1,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum ScaleKind {
    #[default]
    Scale,
}
