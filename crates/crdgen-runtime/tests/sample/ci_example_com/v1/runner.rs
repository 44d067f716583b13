//! Cluster-scoped kind without subresources, with the metadata of `k8s-openapi`.

use crdgen_runtime::{ApiVersion, KindOf, Resource, Scope};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Runner {
    #[serde(default)]
    pub api_version: ApiVersion<Self>,
    #[serde(default)]
    pub kind: KindOf<Self>,
    #[serde(default)]
    pub metadata: ObjectMeta,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

impl Runner {
    pub fn new(name: &str) -> Self {
        Self {
            api_version: ApiVersion::default(),
            kind: KindOf::default(),
            metadata: ObjectMeta { name: Some(name.to_owned()), ..ObjectMeta::default() },
            status: None,
        }
    }
}

impl Resource for Runner {
    type Meta = ObjectMeta;
    const GROUP: &'static str = "ci.example.com";
    const VERSION: &'static str = "v1";
    const API_VERSION: &'static str = "ci.example.com/v1";
    const KIND: &'static str = "Runner";
    const LIST_KIND: &'static str = "RunnerList";
    const PLURAL: &'static str = "runners";
    const SCOPE: Scope = Scope::Cluster;
    const STATUS: bool = false;
    const SCALE: Option<(&'static str, &'static str, Option<&'static str>)> = None;
    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }
    fn metadata_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}
