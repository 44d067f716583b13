//! What objects are read as.

use serde::{Deserialize, Serialize};

use crate::ObjectMeta;

/// `meta.k8s.io/v1` `PartialObjectMetadata`: an object without everything but its metadata. The server leaves the rest out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PartialObject {
    /// The object's metadata.
    #[serde(default)]
    pub metadata: ObjectMeta,
}

/// How much of an object the server sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Whole,
    Metadata,
}

impl Form {
    /// `Accept` of a request about one object, or of a watch.
    pub fn of_one(self) -> &'static str {
        match self {
            Self::Whole => super::request::JSON,
            Self::Metadata => "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
        }
    }

    /// `Accept` of a request for a list.
    pub fn of_list(self) -> &'static str {
        match self {
            Self::Whole => super::request::JSON,
            Self::Metadata => "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
        }
    }
}
