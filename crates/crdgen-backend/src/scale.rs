//! Scale subresource (`autoscaling/v1` `Scale`): the replicas of an object.

use crdgen_core::ObjectMeta;
use serde::{Deserialize, Serialize};

/// Scale subresource of an object.
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
    /// Desired number of replicas.
    #[serde(default)]
    pub spec: ScaleSpec,
    /// Observed number of replicas.
    #[serde(default)]
    pub status: ScaleStatus,
}

/// Desired number of replicas of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScaleSpec {
    /// Desired number of replicas. Default: 0.
    #[serde(default)]
    pub replicas: i32,
}

/// Observed number of replicas of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScaleStatus {
    /// Number of replicas that the controller has observed. Default: 0.
    #[serde(default)]
    pub replicas: i32,
    /// Label selector of the replicas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
}

impl Scale {
    /// Creates the scale of the object with this metadata.
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
