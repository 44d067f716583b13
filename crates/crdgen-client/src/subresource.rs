//! Subresources: status and scale.

use crdgen_backend::{Apply, JsonPatch, MergePatch, Name, Scale};
use crdgen_core::Resource;

use super::api::Api;
use super::error::Result;
use super::place::Part;
use super::write::Patch;

/// API for the status subresource of objects. Writes change only the status.
#[derive(Clone, Debug)]
pub struct StatusApi<K: Resource>(Api<K>);

/// API for the scale subresource: the number of replicas of objects.
#[derive(Clone, Debug)]
pub struct ScaleApi<K: Resource>(Api<K>);

impl<K: Resource> Api<K> {
    /// Returns the API for the status of objects. Does not compile for a kind without the status subresource.
    pub fn status(&self) -> StatusApi<K> {
        const { assert!(K::STATUS, "the kind has no status subresource") };
        StatusApi(self.clone())
    }

    /// Returns the API for the scale subresource. Does not compile for a kind without the scale subresource.
    pub fn scale(&self) -> ScaleApi<K> {
        const { assert!(K::SCALE.is_some(), "the kind has no scale subresource") };
        ScaleApi(self.clone())
    }
}

impl<K: Resource> StatusApi<K> {
    /// Returns the whole object, read through its status subresource.
    pub async fn get(&self, name: &Name) -> Result<K> {
        self.0.get_part(name, Part::Status).await
    }

    /// Replaces the status. The object's `resourceVersion` must be that of the stored object.
    pub async fn replace(&self, name: &Name, object: &K) -> Result<K> {
        self.0.put(name, Part::Status, object).await
    }

    /// Changes the status fields that the patch names.
    pub async fn patch(&self, name: &Name, patch: &MergePatch) -> Result<K> {
        self.0.patch_part(name, Part::Status, Patch::Merge(patch)).await
    }

    /// Applies the steps of the patch to the status.
    pub async fn json_patch(&self, name: &Name, patch: &JsonPatch) -> Result<K> {
        self.0.patch_part(name, Part::Status, Patch::Json(patch)).await
    }

    /// Applies the status fields that a field manager sets (server-side apply).
    pub async fn apply(&self, name: &Name, apply: &Apply) -> Result<K> {
        self.0.patch_part(name, Part::Status, Patch::Apply(apply)).await
    }
}

impl<K: Resource> ScaleApi<K> {
    /// Returns the scale of an object.
    pub async fn get(&self, name: &Name) -> Result<Scale> {
        self.0.get_part(name, Part::Scale).await
    }

    /// Sets the desired number of replicas.
    pub async fn replace(&self, name: &Name, scale: &Scale) -> Result<Scale> {
        self.0.put(name, Part::Scale, scale).await
    }

    /// Changes the desired number of replicas by a merge patch of the scale subresource.
    pub async fn patch(&self, name: &Name, patch: &MergePatch) -> Result<Scale> {
        self.0.patch_part(name, Part::Scale, Patch::Merge(patch)).await
    }
}
