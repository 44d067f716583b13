//! What a generated root type is: a kind of an API group and version.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Column, Metadata};

/// Where objects of a kind live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In a namespace.
    Namespaced,
    /// In the cluster.
    Cluster,
}

/// `specReplicasPath`, `statusReplicasPath` and `labelSelectorPath`.
pub type ScalePaths = (&'static str, &'static str, Option<&'static str>);

/// A custom resource of one group and version.
pub trait Resource: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The type of `metadata`.
    type Meta: Metadata;
    /// API group.
    const GROUP: &'static str;
    /// Version.
    const VERSION: &'static str;
    /// `group/version`, what `apiVersion` says.
    const API_VERSION: &'static str;
    /// Kind.
    const KIND: &'static str;
    /// Kind of the list.
    const LIST_KIND: &'static str;
    /// Plural, the path segment.
    const PLURAL: &'static str;
    /// Singular, as a command line has it; it says nothing where nobody wrote one.
    const SINGULAR: &'static str = "";
    /// Short names, as a command line has them.
    const SHORT_NAMES: &'static [&'static str] = &[];
    /// Groups of resources that it belongs to, `all` for example.
    const CATEGORIES: &'static [&'static str] = &[];
    /// Columns of a table of objects.
    const COLUMNS: &'static [Column] = &[];
    /// Namespaced or cluster-scoped.
    const SCOPE: Scope;
    /// What an API server warns of when this version is used, if it is deprecated.
    const DEPRECATED: Option<&'static str> = None;
    /// Has the status subresource.
    const STATUS: bool;
    /// `specReplicasPath`, `statusReplicasPath` and `labelSelectorPath` of the scale subresource.
    const SCALE: Option<ScalePaths> = None;
    /// JSON paths of the fields, besides name and namespace, that a field selector may name.
    const SELECTABLE_FIELDS: &'static [&'static str] = &[];
    /// The schema as `openAPIV3Schema` JSON, without descriptions; it says nothing where nobody wrote one.
    const SCHEMA: &'static str = "{}";
    /// The object's metadata.
    fn metadata(&self) -> &Self::Meta;
    /// The object's metadata, to change.
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
    /// The `apiVersion` of `K`: takes no space, is always written, and refuses another value when read.
    ApiVersion, API_VERSION, "apiVersion"
);
constant_field!(
    /// The `kind` of `K`: takes no space, is always written, and refuses another value when read.
    KindOf, KIND, "kind"
);
constant_field!(
    /// The `kind` of a list of `K`: takes no space, is always written, and refuses another value when read.
    ListKindOf, LIST_KIND, "kind"
);

/// Reads a field that is present: `Some(None)` for null. With `#[serde(default)]` an absent field is `None`, so that the
/// three states of an optional nullable field stay apart.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
