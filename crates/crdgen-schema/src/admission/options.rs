//! Options of admission: the parts of a CRD's version beside the schema.

use crate::crd::{Crd, Scale, Version};

/// Requirements beside the schema. Default: none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Required `apiVersion` and `kind`. `None` accepts any.
    pub type_: Option<TypeMeta>,
    /// Whether the version has the status subresource.
    pub status: Status,
    /// Field paths of the scale subresource, whose values are checked.
    pub scale: Option<Scale>,
}

/// `apiVersion` and `kind` of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeMeta {
    /// `apiVersion`, for example `example.com/v1`.
    pub api_version: String,
    /// `kind`, for example `Boat`.
    pub kind: String,
}

/// Way in which `status` is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// A write of the object writes its status too.
    #[default]
    Ordinary,
    /// The status subresource alone writes the status. A write of the object leaves its status unchanged.
    Subresource,
}

impl Options {
    /// Returns the options of a version of a CRD.
    pub fn of(crd: &Crd, version: &Version) -> Self {
        let type_ = TypeMeta { api_version: format!("{}/{}", crd.group, version.name), kind: crd.names.kind.clone() };
        Self {
            type_: Some(type_),
            status: if version.status { Status::Subresource } else { Status::Ordinary },
            scale: version.scale.clone(),
        }
    }
}
