//! `Crd -> Model`.

use crdgen_schema::Crd;
use crdgen_schema::crd::Version;

use crate::lock::Names;
use crate::model::{Model, Untyped};

/// A CRD with the versions to generate.
#[derive(Clone, Debug)]
pub struct Selected<'a> {
    /// The CRD.
    pub crd: &'a Crd,
    /// Some of its versions.
    pub versions: Vec<&'a Version>,
}

/// What [`lower`] makes.
#[derive(Clone, Debug, Default)]
pub struct Lowered {
    /// The model.
    pub model: Model,
    /// Every name in it, to be locked.
    pub names: Names,
    /// Places that could not be typed.
    pub untyped: Vec<Untyped>,
}

/// Lowers CRDs to a model. The result does not depend on the order of `crds`; names found in `locked` are kept.
pub fn lower(_crds: &[Selected<'_>], _locked: &Names) -> Lowered {
    todo!()
}
