//! Preconditions of writes, and results of deletions.

use crdgen_core::{Map, Metadata as _, Resource};
use serde::{Deserialize, Serialize};

/// Preconditions of a write on the stored object. If one is not met, the write fails with
/// [`Reason::PreconditionFailed`](super::Reason::PreconditionFailed).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preconditions {
    /// Uid that the object must have. Another object with the same name has another uid.
    pub uid: Option<String>,
    /// resourceVersion that the object must have.
    pub resource_version: Option<String>,
}

impl Preconditions {
    /// Checks that an object meets the preconditions.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::PreconditionFailed`](super::Reason::PreconditionFailed) if the object does not meet them.
    #[doc(hidden)]
    pub fn check<K: Resource>(&self, object: &K) -> super::Result<()> {
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

/// resourceVersion that no object has: the largest u64.
const NO_OBJECTS: &str = "18446744073709551615";

impl Preconditions {
    /// Returns names and values of the fields of `metadata` that make an API server check the preconditions.
    ///
    /// An API server answers 500 for a resourceVersion that is not a number, and ignores a resourceVersion of 0. Both
    /// are replaced by a resourceVersion that no object has, so that the precondition is not met.
    #[doc(hidden)]
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let is_version =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && !matches!(text.parse(), Ok(0_u64) | Err(_));
        let version = self.resource_version.as_deref();
        let version = version.map(|version| if is_version(version) { version } else { NO_OBJECTS });
        let named = [("uid", self.uid.as_deref()), ("resourceVersion", version)];
        named.into_iter().filter_map(|(field, wanted)| Some((field, wanted?)))
    }
}

/// Result of a deletion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, bound = "")]
pub enum Deleted<K: Resource> {
    /// The object was removed.
    Removed(Status),
    /// The object has a `deletionTimestamp` now. The server removes the object when its finalizers are removed.
    Terminating(Box<K>),
}

/// Status of a success (`metav1.Status`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    api_version: StatusApiVersion,
    kind: StatusKind,
    metadata: Map<String>,
    status: Success,
    /// Object that the operation changed or deleted.
    pub details: StatusDetails,
}

/// Object that a [`Status`] reports on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusDetails {
    /// Name of the object.
    pub name: String,
    /// API group of the kind.
    pub group: String,
    /// Plural name of the kind.
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
    /// Creates the status of a successful operation on a `K`.
    pub fn success<K: Resource>(name: impl Into<String>, uid: impl Into<String>) -> Self {
        let (group, kind) = (K::GROUP.to_owned(), K::PLURAL.to_owned());
        Self::about(StatusDetails { name: name.into(), group, kind, uid: uid.into() })
    }

    /// Creates the status of a successful operation on the object with these details.
    #[doc(hidden)]
    pub fn about(details: StatusDetails) -> Self {
        Self {
            api_version: StatusApiVersion::V1,
            kind: StatusKind::Status,
            metadata: Map::new(),
            status: Success::Success,
            details,
        }
    }
}
