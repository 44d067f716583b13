//! Forms in which the server sends objects.

use crdgen_core::ObjectMeta;
use serde::{Deserialize, Serialize};

/// Metadata of an object (`PartialObjectMetadata` of `meta.k8s.io/v1`). The server leaves out all other fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PartialObject {
    /// Metadata of the object.
    #[serde(default)]
    pub metadata: ObjectMeta,
}

/// Part of an object that the server sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Whole,
    Metadata,
}

impl Form {
    /// Returns the `Accept` header of a watch or of a request for one object.
    pub fn of_one(self) -> &'static str {
        match self {
            Self::Whole => super::request::JSON,
            Self::Metadata => "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
        }
    }

    /// Returns the `Accept` header of a request for a list.
    pub fn of_list(self) -> &'static str {
        match self {
            Self::Whole => super::request::JSON,
            Self::Metadata => "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
        }
    }
}
