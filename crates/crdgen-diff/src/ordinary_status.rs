//! Copy of a CRD whose objects are judged with their status.

use crdgen_schema::Crd;

/// Returns a copy in which `status` is an ordinary field.
pub(crate) fn ordinary(crd: &Crd) -> Crd {
    let mut crd = crd.clone();
    crd.versions.iter_mut().for_each(|version| version.status = false);
    crd
}
