//! Namespaced kind with status, scale and a selectable field.

use crdgen_runtime::{ApiVersion, KindOf, ObjectMeta, Resource, Scope, View};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Widget {
    #[serde(default)]
    pub api_version: ApiVersion<Self>,
    #[serde(default)]
    pub kind: KindOf<Self>,
    #[serde(default)]
    pub metadata: ObjectMeta,
    pub spec: WidgetSpec,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<WidgetStatus>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WidgetSpec {
    pub color: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<i32>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WidgetStatus {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
}

impl Widget {
    pub fn new(name: &str, color: &str) -> Self {
        Self {
            api_version: ApiVersion::default(),
            kind: KindOf::default(),
            metadata: ObjectMeta { name: Some(name.to_owned()), ..ObjectMeta::default() },
            spec: WidgetSpec { color: color.to_owned(), replicas: None },
            status: None,
        }
    }
}

impl Resource for Widget {
    type Meta = ObjectMeta;
    const GROUP: &'static str = "ci.example.com";
    const VERSION: &'static str = "v1";
    const API_VERSION: &'static str = "ci.example.com/v1";
    const KIND: &'static str = "Widget";
    const LIST_KIND: &'static str = "WidgetList";
    const PLURAL: &'static str = "widgets";
    const SCOPE: Scope = Scope::Namespaced;
    const STATUS: bool = true;
    const SCALE: Option<(&'static str, &'static str, Option<&'static str>)> =
        Some((".spec.replicas", ".status.replicas", Some(".status.selector")));
    const SELECTABLE_FIELDS: &'static [&'static str] = &[".spec.color"];
    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }
    fn metadata_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}

/// View that reads only the name and the colour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WidgetSummary {
    #[serde(default)]
    pub api_version: ApiVersion<Widget>,
    #[serde(default)]
    pub kind: KindOf<Widget>,
    #[serde(default)]
    pub metadata: WidgetSummaryMetadata,
    pub spec: WidgetSummarySpec,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WidgetSummaryMetadata {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WidgetSummarySpec {
    pub color: String,
}

impl View for WidgetSummary {
    type Of = Widget;
    const FIELDS: &'static [&'static str] = &["metadata.name", "spec.color"];
    const PLURAL: &'static str = "widgetsummaries";
}
