//! Object metadata without `managedFields`.
//!
//! `managedFields` is often larger than the rest of the object and is rarely read. It is skipped while parsing. An
//! object that is written back without `managedFields` keeps the stored value on the server.
//!
//! Annotations are kept, including the copy of the last applied object that `kubectl apply` stores: an annotation that
//! is not written back is deleted.

use crate::Map;

#[cfg(feature = "k8s-openapi")]
mod k8s_openapi;

/// Access to the metadata fields that the runtime needs.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type for the metadata of an object",
    note = "k8s-openapi's `ObjectMeta` implements this trait if `crdgen-runtime` has the feature `k8s-openapi`"
)]
pub trait Metadata: Default {
    /// Returns `metadata.name`.
    fn name(&self) -> Option<&str>;
    /// Returns `metadata.namespace`.
    fn namespace(&self) -> Option<&str>;
    /// Returns `metadata.uid`.
    fn uid(&self) -> Option<&str>;
    /// Returns `metadata.resourceVersion`.
    fn resource_version(&self) -> Option<&str>;
    /// Returns `metadata.generation`.
    fn generation(&self) -> Option<i64>;
    /// Returns the value of a label.
    fn label(&self, key: &str) -> Option<&str>;
    /// Returns the value of an annotation.
    fn annotation(&self, key: &str) -> Option<&str>;
    /// Sets or removes `metadata.name`.
    fn set_name(&mut self, name: Option<String>);
    /// Sets or removes `metadata.namespace`.
    fn set_namespace(&mut self, namespace: Option<String>);
    /// Sets or removes `metadata.resourceVersion`.
    fn set_resource_version(&mut self, resource_version: Option<String>);
}

/// Object metadata (`metav1.ObjectMeta`) without `managedFields`. Timestamps keep the text in which they were sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObjectMeta {
    /// Annotations: free-form text for tools.
    pub annotations: Option<Map<String>>,
    /// Time at which the server created the object, in RFC 3339.
    pub creation_timestamp: Option<String>,
    /// Seconds until the object is removed, once its deletion was requested.
    pub deletion_grace_period_seconds: Option<i64>,
    /// Time at which deletion was requested, in RFC 3339. The object stays until its finalizers are removed.
    pub deletion_timestamp: Option<String>,
    /// Finalizers. The object is not removed while one is left.
    pub finalizers: Option<Vec<String>>,
    /// Prefix of the name that the server generates when `name` is absent.
    pub generate_name: Option<String>,
    /// Generation. Increases with every change of the desired state, not with changes of metadata or status.
    pub generation: Option<i64>,
    /// Labels: keys and values for selectors.
    pub labels: Option<Map<String>>,
    /// Name, unique within the namespace.
    pub name: Option<String>,
    /// Namespace. Absent for cluster-scoped objects.
    pub namespace: Option<String>,
    /// Owners of the object.
    pub owner_references: Option<Vec<OwnerReference>>,
    /// Opaque version of the object. Changes with every write.
    pub resource_version: Option<String>,
    /// URL path of the object. Servers no longer set it.
    pub self_link: Option<String>,
    /// Unique id. A new object with the same name has another uid.
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

/// Reference to an owner (`metav1.OwnerReference`). The object is deleted when its last owner is deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnerReference {
    /// `apiVersion` of the owner, for example `group/version`.
    pub api_version: String,
    /// Whether the foreground deletion of the owner waits for this object.
    pub block_owner_deletion: Option<bool>,
    /// Whether the owner is the managing controller.
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
