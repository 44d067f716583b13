//! The parts of an object that are written apart from it.

use super::api::Api;
use super::error::Result;
use super::place::Part;
use super::write::Patch;
use crate::Resource;
use crate::backend::{Apply, JsonPatch, MergePatch, Name, Scale};

/// The status of objects: writes change nothing else.
#[derive(Clone, Debug)]
pub struct StatusApi<K: Resource>(Api<K>);

/// The replicas of objects.
#[derive(Clone, Debug)]
pub struct ScaleApi<K: Resource>(Api<K>);

impl<K: Resource> Api<K> {
    /// The status of objects. It does not compile for a kind without the status subresource.
    pub fn status(&self) -> StatusApi<K> {
        const { assert!(K::STATUS, "the kind has no status subresource") };
        StatusApi(self.clone())
    }

    /// The replicas of objects. It does not compile for a kind without the scale subresource.
    pub fn scale(&self) -> ScaleApi<K> {
        const { assert!(K::SCALE.is_some(), "the kind has no scale subresource") };
        ScaleApi(self.clone())
    }
}

impl<K: Resource> StatusApi<K> {
    /// The object, by way of its status.
    pub async fn get(&self, name: &Name) -> Result<K> {
        self.0.get_part(name, Part::Status).await
    }

    /// Replaces the status; the object's `resourceVersion` says of which version.
    pub async fn replace(&self, name: &Name, object: &K) -> Result<K> {
        self.0.put(name, Part::Status, object).await
    }

    /// Changes what the patch names of the status.
    pub async fn patch(&self, name: &Name, patch: &MergePatch) -> Result<K> {
        self.0.patch_part(name, Part::Status, Patch::Merge(patch)).await
    }

    /// Takes the steps of the patch in the status.
    pub async fn json_patch(&self, name: &Name, patch: &JsonPatch) -> Result<K> {
        self.0.patch_part(name, Part::Status, Patch::Json(patch)).await
    }

    /// Makes the status have what a manager wants of it.
    pub async fn apply(&self, name: &Name, apply: &Apply) -> Result<K> {
        self.0.patch_part(name, Part::Status, Patch::Apply(apply)).await
    }
}

impl<K: Resource> ScaleApi<K> {
    /// The replicas of an object.
    pub async fn get(&self, name: &Name) -> Result<Scale> {
        self.0.get_part(name, Part::Scale).await
    }

    /// Sets the replicas that are asked for.
    pub async fn replace(&self, name: &Name, scale: &Scale) -> Result<Scale> {
        self.0.put(name, Part::Scale, scale).await
    }

    /// Sets the replicas that are asked for, by a patch of the scale.
    pub async fn patch(&self, name: &Name, patch: &MergePatch) -> Result<Scale> {
        self.0.patch_part(name, Part::Scale, Patch::Merge(patch)).await
    }
}
