//! What a write depends on, and what deleting leaves.

use serde::{Deserialize, Serialize};

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
