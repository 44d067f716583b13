//! Objects as they were before an update.

use std::collections::HashMap;

use crdgen_schema::crd::Conversion;
use crdgen_schema::{Admission, Crd, Document, Node, into_items, is_list};
use serde_json::Value as Json;

use super::ObjectName;

/// Old objects by group, kind, namespace and name.
#[derive(Debug, Default)]
pub(super) struct OldObjects(HashMap<ObjectName, Json>);

/// Old state of an object.
#[derive(Debug, Default)]
pub(super) struct Old {
    /// The object as an API server would read it in the new version.
    pub object: Option<Json>,
    /// Reason why there is an old object that cannot be compared.
    pub obstacle: Option<String>,
}

impl OldObjects {
    pub fn new(documents: &[Document]) -> Self {
        let mut objects = Self::default();
        documents.iter().for_each(|document| objects.add(&document.root));
        objects
    }

    fn add(&mut self, object: &Node) {
        match is_list(object) {
            true => into_items(object.clone()).iter().for_each(|item| self.add(item)),
            false => drop(self.0.insert(without_version(ObjectName::of(object)), object.to_json())),
        }
    }

    /// Returns the old state of an object of a version.
    pub fn find(&self, name: &ObjectName, crd: &Crd, version: &str, admission: &Admission) -> Old {
        let Some(old) = self.0.get(&without_version(name.clone())) else { return Old::default() };
        let mut object = old.clone();
        if object["apiVersion"] != name.api_version.as_str() {
            if crd.conversion == Conversion::Webhook {
                let why = format!(
                    "the old object is converted to {version} by a webhook, so the update is validated as a creation"
                );
                return Old { object: None, obstacle: Some(why) };
            }
            object["apiVersion"] = name.api_version.clone().into();
        }
        admission.read(&mut object);
        Old { object: Some(object), obstacle: None }
    }
}

/// Returns a name with the group in place of the `apiVersion`.
fn without_version(name: ObjectName) -> ObjectName {
    let group = name.api_version.split_once('/').map_or("", |(group, _)| group).to_owned();
    ObjectName { api_version: group, ..name }
}
