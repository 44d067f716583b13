//! Places at which CRDs are changed.

use crdgen_schema::{Crd, Schema};

use crate::stability::spot::{self, Spot};

/// Returns the schema of a CRD's storage version.
pub fn stored(crd: &Crd) -> Option<&Schema> {
    crd.versions.iter().find(|version| version.storage).map(|version| &*version.schema)
}

/// Returns the index of the CRD with the most types.
pub fn largest(crds: &[Crd]) -> Option<usize> {
    let size = |crd: &Crd| stored(crd).map_or(0, |schema| spot::objects(schema).len());
    (0..crds.len()).max_by_key(|&index| (size(&crds[index]), std::cmp::Reverse(index)))
}

/// Returns the first of the deepest objects of a schema.
pub fn deepest(schema: &Schema) -> Option<Spot> {
    let spots = spot::objects(schema).into_iter().rev();
    spots.max_by_key(Spot::len)
}
