//! Version of a CRD that is checked.

use crdgen_schema::Crd;
use crdgen_schema::crd::Version;

/// A version of a CRD.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// CRD that has the version.
    pub crd: &'a Crd,
    /// Entry of `spec.versions`.
    pub version: &'a Version,
    /// Position of the version among those of the CRD, from 0.
    pub index: usize,
}
