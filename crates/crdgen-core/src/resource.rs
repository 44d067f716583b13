//! Trait of generated root types: a kind of an API group and version.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Column, Metadata};

/// Scope of a kind (`spec.scope` in the CRD).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Objects belong to a namespace.
    Namespaced,
    /// Objects belong to the cluster.
    Cluster,
}

/// Paths of the scale subresource: `specReplicasPath`, `statusReplicasPath` and `labelSelectorPath`.
pub type ScalePaths = (&'static str, &'static str, Option<&'static str>);

/// Custom resource of one group and version.
pub trait Resource: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// Type of `metadata`.
    type Meta: Metadata;
    /// API group, for example `tekton.dev`.
    const GROUP: &'static str;
    /// Version, for example `v1beta1`.
    const VERSION: &'static str;
    /// Value of `apiVersion`: `group/version`.
    const API_VERSION: &'static str;
    /// Kind, for example `PipelineRun`.
    const KIND: &'static str;
    /// Kind of the list, for example `PipelineRunList`.
    const LIST_KIND: &'static str;
    /// Plural name, used in URL paths, for example `pipelineruns`.
    const PLURAL: &'static str;
    /// Singular name, for use on the command line. Default: empty.
    const SINGULAR: &'static str = "";
    /// Short names, for use on the command line. Default: none.
    const SHORT_NAMES: &'static [&'static str] = &[];
    /// Categories of the kind, for example `all`. Default: none.
    const CATEGORIES: &'static [&'static str] = &[];
    /// Printer columns. Default: none.
    const COLUMNS: &'static [Column] = &[];
    /// Scope of the kind: namespaced or cluster-scoped.
    const SCOPE: Scope;
    /// Warning of the API server when this version is used. `None` unless the version is deprecated.
    const DEPRECATED: Option<&'static str> = None;
    /// Whether the kind has the status subresource.
    const STATUS: bool;
    /// Paths of the scale subresource: `specReplicasPath`, `statusReplicasPath` and `labelSelectorPath`. `None` without
    /// it.
    const SCALE: Option<ScalePaths> = None;
    /// JSON paths of the fields, besides name and namespace, that field selectors can use (`selectableFields` in the
    /// CRD).
    const SELECTABLE_FIELDS: &'static [&'static str] = &[];
    /// Schema as `openAPIV3Schema` JSON without descriptions. Default: `{}`.
    const SCHEMA: &'static str = "{}";
    /// Returns the object's metadata.
    fn metadata(&self) -> &Self::Meta;
    /// Returns the object's metadata for changes.
    fn metadata_mut(&mut self) -> &mut Self::Meta;
}

macro_rules! constant_field {
    ($(#[$doc:meta])* $name:ident, $constant:ident, $field:literal) => {
        $(#[$doc])*
        pub struct $name<K>(PhantomData<fn() -> K>);

        impl<K> Clone for $name<K> {
            fn clone(&self) -> Self {
                *self
            }
        }
        impl<K> Copy for $name<K> {}
        impl<K> Default for $name<K> {
            fn default() -> Self {
                Self(PhantomData)
            }
        }
        impl<K> PartialEq for $name<K> {
            fn eq(&self, _: &Self) -> bool {
                true
            }
        }
        impl<K> Eq for $name<K> {}
        impl<K: Resource> fmt::Debug for $name<K> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(K::$constant)
            }
        }
        impl<K: Resource> Serialize for $name<K> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(K::$constant)
            }
        }
        impl<'de, K: Resource> Deserialize<'de> for $name<K> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let found = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                if found == K::$constant {
                    return Ok(Self::default());
                }
                Err(D::Error::custom(format_args!(
                    "{} is {found:?}, expected {:?}", $field, K::$constant
                )))
            }
        }
    };
}

constant_field!(
    /// `apiVersion` of `K`. Takes no memory, is always written, and fails to read any other value.
    ApiVersion, API_VERSION, "apiVersion"
);
constant_field!(
    /// `kind` of `K`. Takes no memory, is always written, and fails to read any other value.
    KindOf, KIND, "kind"
);
constant_field!(
    /// `kind` of a list of `K`. Takes no memory, is always written, and fails to read any other value.
    ListKindOf, LIST_KIND, "kind"
);

/// Reads a field that is present: null is `Some(None)`.
///
/// With `#[serde(default)]` an absent field is `None`, so the three states of an optional nullable field stay distinct.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
