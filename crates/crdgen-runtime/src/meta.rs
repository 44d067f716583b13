//! Object metadata without `managedFields`, which is often larger than the object itself and which nobody reads.
//!
//! It is skipped while parsing, so it is never built; a server takes an object that is written back without it to leave it
//! as it is. Annotations are another matter: what is not written back is gone, `kubectl`'s copy of what it applied too.

use crate::Map;

#[cfg(feature = "k8s-openapi")]
mod k8s_openapi;

/// What the runtime needs to know of an object's metadata.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no metadata of an object",
    note = "k8s-openapi's `ObjectMeta` is, with the feature `k8s-openapi` of `crdgen-runtime`"
)]
pub trait Metadata: Default {
    /// `metadata.name`.
    fn name(&self) -> Option<&str>;
    /// `metadata.namespace`.
    fn namespace(&self) -> Option<&str>;
    /// `metadata.uid`.
    fn uid(&self) -> Option<&str>;
    /// `metadata.resourceVersion`.
    fn resource_version(&self) -> Option<&str>;
    /// `metadata.generation`.
    fn generation(&self) -> Option<i64>;
    /// The value of a label.
    fn label(&self, key: &str) -> Option<&str>;
    /// The value of an annotation.
    fn annotation(&self, key: &str) -> Option<&str>;
    /// Changes `metadata.name`.
    fn set_name(&mut self, name: Option<String>);
    /// Changes `metadata.namespace`.
    fn set_namespace(&mut self, namespace: Option<String>);
    /// Changes `metadata.resourceVersion`.
    fn set_resource_version(&mut self, resource_version: Option<String>);
}

/// `metav1.ObjectMeta` without `managedFields`. Timestamps keep the text they came with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObjectMeta {
    /// Free-form text for tools.
    pub annotations: Option<Map<String>>,
    /// When the server stored the object first, RFC 3339.
    pub creation_timestamp: Option<String>,
    /// Seconds left until the object goes, once it is being deleted.
    pub deletion_grace_period_seconds: Option<i64>,
    /// When deletion was asked for, RFC 3339; the object stays until its finalizers are gone.
    pub deletion_timestamp: Option<String>,
    /// What must happen before the object may go.
    pub finalizers: Option<Vec<String>>,
    /// Prefix from which the server makes a name when there is none.
    pub generate_name: Option<String>,
    /// Counts the changes of what is asked for, not those of metadata and status.
    pub generation: Option<i64>,
    /// Keys and values to select by.
    pub labels: Option<Map<String>>,
    /// Name, unique within a namespace.
    pub name: Option<String>,
    /// Namespace; absent for cluster-scoped objects.
    pub namespace: Option<String>,
    /// The objects that this one goes with.
    pub owner_references: Option<Vec<OwnerReference>>,
    /// Opaque version of the object.
    pub resource_version: Option<String>,
    /// Path of the object; servers no longer fill it in.
    pub self_link: Option<String>,
    /// Unique over time: another object of the same name has another.
    pub uid: Option<String>,
}

crate::object! {
    ObjectMeta {
        optional annotations "annotations",
        optional creation_timestamp "creationTimestamp",
        optional_integer deletion_grace_period_seconds "deletionGracePeriodSeconds",
        optional deletion_timestamp "deletionTimestamp",
        optional finalizers "finalizers",
        optional generate_name "generateName",
        optional_integer generation "generation",
        optional labels "labels",
        optional name "name",
        optional namespace "namespace",
        optional owner_references "ownerReferences",
        optional resource_version "resourceVersion",
        optional self_link "selfLink",
        optional uid "uid",
    }
}

/// `metav1.OwnerReference`: the object goes when its last owner goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnerReference {
    /// `group/version` of the owner.
    pub api_version: String,
    /// With foreground deletion the owner waits for this object.
    pub block_owner_deletion: Option<bool>,
    /// The owner is the managing controller.
    pub controller: Option<bool>,
    /// Kind of the owner.
    pub kind: String,
    /// Name of the owner.
    pub name: String,
    /// Uid of the owner.
    pub uid: String,
}

crate::object! {
    OwnerReference {
        required api_version "apiVersion",
        optional block_owner_deletion "blockOwnerDeletion",
        optional controller "controller",
        required kind "kind",
        required name "name",
        required uid "uid",
    }
}

impl Metadata for ObjectMeta {
    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
    fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }
    fn uid(&self) -> Option<&str> {
        self.uid.as_deref()
    }
    fn resource_version(&self) -> Option<&str> {
        self.resource_version.as_deref()
    }
    fn generation(&self) -> Option<i64> {
        self.generation
    }
    fn label(&self, key: &str) -> Option<&str> {
        self.labels.as_ref()?.get(key).map(String::as_str)
    }
    fn annotation(&self, key: &str) -> Option<&str> {
        self.annotations.as_ref()?.get(key).map(String::as_str)
    }
    fn set_name(&mut self, name: Option<String>) {
        self.name = name;
    }
    fn set_namespace(&mut self, namespace: Option<String>) {
        self.namespace = namespace;
    }
    fn set_resource_version(&mut self, resource_version: Option<String>) {
        self.resource_version = resource_version;
    }
}
