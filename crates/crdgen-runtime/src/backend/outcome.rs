//! What a write depends on, and what deleting leaves.

use serde::{Deserialize, Serialize};

#[cfg(feature = "server")]
use crate::Metadata as _;
use crate::{Map, Resource};

/// What must hold of the stored object for a write to happen; a miss is a
/// [`Reason::PreconditionFailed`](super::Reason::PreconditionFailed).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preconditions {
    /// It is this object, not another of the same name.
    pub uid: Option<String>,
    /// It is at this version.
    pub resource_version: Option<String>,
}

#[cfg(feature = "server")]
impl Preconditions {
    /// Checks that an object is as these say.
    ///
    /// # Errors
    ///
    /// [`Reason::PreconditionFailed`](super::Reason::PreconditionFailed) when it is not.
    pub(crate) fn check<K: Resource>(&self, object: &K) -> super::Result<()> {
        let metadata = object.metadata();
        let is = |wanted: &Option<String>, found: Option<&str>| wanted.is_none() || wanted.as_deref() == found;
        if is(&self.uid, metadata.uid()) && is(&self.resource_version, metadata.resource_version()) {
            return Ok(());
        }
        let mut error = super::Error::conflict::<K>(metadata.name().unwrap_or_default());
        error.reason = super::Reason::PreconditionFailed;
        Err(error)
    }
}

/// A version that no object is at: the last one that a server can count to.
#[cfg(any(feature = "memory", feature = "kube"))]
const NO_OBJECTS: &str = "18446744073709551615";

#[cfg(any(feature = "memory", feature = "kube"))]
impl Preconditions {
    /// The fields of `metadata` by which a body has a server check these.
    ///
    /// A server fails (500) on a text that is no version, and takes 0 for none; as a precondition both are just not met.
    pub(super) fn named(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let is_version =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && !matches!(text.parse(), Ok(0_u64) | Err(_));
        let version = self.resource_version.as_deref();
        let version = version.map(|version| if is_version(version) { version } else { NO_OBJECTS });
        let named = [("uid", self.uid.as_deref()), ("resourceVersion", version)];
        named.into_iter().filter_map(|(field, wanted)| Some((field, wanted?)))
    }
}

/// What deleting leaves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, bound = "")]
pub enum Deleted<K: Resource> {
    /// Nothing: the object is gone.
    Gone(Status),
    /// The object, marked: it goes when its finalizers are gone.
    Marked(Box<K>),
}

/// `metav1.Status` of a success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    api_version: StatusApiVersion,
    kind: StatusKind,
    metadata: Map<String>,
    status: Success,
    /// What it was about.
    pub details: StatusDetails,
}

/// What a [`Status`] is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusDetails {
    /// Name of the object.
    pub name: String,
    /// Group of its kind.
    pub group: String,
    /// Plural of its kind.
    pub kind: String,
    /// Uid of the object.
    pub uid: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum StatusApiVersion {
    #[serde(rename = "v1")]
    V1,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum StatusKind {
    Status,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Success {
    Success,
}

impl Status {
    /// Success of an operation on a `K`.
    pub fn success<K: Resource>(name: impl Into<String>, uid: impl Into<String>) -> Self {
        let (group, kind) = (K::GROUP.to_owned(), K::PLURAL.to_owned());
        Self::about(StatusDetails { name: name.into(), group, kind, uid: uid.into() })
    }

    /// Success of an operation on what these details name.
    pub(crate) fn about(details: StatusDetails) -> Self {
        Self {
            api_version: StatusApiVersion::V1,
            kind: StatusKind::Status,
            metadata: Map::new(),
            status: Success::Success,
            details,
        }
    }
}
