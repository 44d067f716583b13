//! What a CRD says of its objects beside the schema.

use crate::crd::{Crd, Scale, Version};

/// What to hold objects to beside the schema. The default asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The type that objects must name.
    pub type_: Option<TypeMeta>,
    /// Whether writes of the object leave its status alone.
    pub status: Status,
    /// The scale subresource.
    pub scale: Option<Scale>,
}

/// `apiVersion` and `kind`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeMeta {
    /// `apiVersion`, for example `example.com/v1`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
}

/// How `status` is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// With the rest of the object.
    #[default]
    Ordinary,
    /// By the status subresource alone.
    Subresource,
}

impl Options {
    /// Those of a CRD's version.
    pub fn of(crd: &Crd, version: &Version) -> Self {
        let type_ = TypeMeta { api_version: format!("{}/{}", crd.group, version.name), kind: crd.names.kind.clone() };
        Self {
            type_: Some(type_),
            status: if version.status { Status::Subresource } else { Status::Ordinary },
            scale: version.scale.clone(),
        }
    }
}
