//! Changes that occur to the CRDs of a project over time, each as a small change of a set of CRDs.

#![allow(clippy::ptr_arg, reason = "every mutation has the one signature; some add CRDs")]

mod crd;
pub mod place;
mod property;
mod version;

use crdgen_schema::Crd;

use super::spot;

/// A change of a set of CRDs.
pub struct Mutation {
    /// Description in a few words.
    pub name: &'static str,
    /// Whether paths may be missing after the change.
    pub removes: bool,
    /// Changes the CRDs. Returns `None` if there is nothing to change.
    apply: fn(&mut Vec<Crd>, &[Crd]) -> Option<()>,
}

/// All changes, in the order of the report.
pub const ALL: [Mutation; 16] = [
    adding("new property, deep", property::new_deep),
    adding("new property, top", property::new_top),
    adding("new property in every kind", property::new_everywhere),
    adding("property of a known shape, deep", property::known_deep),
    adding("property of a known shape, top", property::known_top),
    adding("property in one version alone", property::new_in_one_version),
    adding("field in one place of a shared type", property::in_one_place),
    Mutation { name: "property removed, deep", removes: true, apply: property::removed_deep },
    Mutation { name: "property removed, top", removes: true, apply: property::removed_top },
    adding("CRD of another project", crd::foreign),
    adding("same kinds in other groups", crd::same_kinds),
    adding("kinds with similar names", crd::similar_names),
    adding("kinds called like types", crd::called_like_types),
    adding("version v99", version::newer),
    adding("version v1alpha0", version::older),
    adding("reordered", reordered),
];

const fn adding(name: &'static str, apply: fn(&mut Vec<Crd>, &[Crd]) -> Option<()>) -> Mutation {
    Mutation { name, removes: false, apply }
}

impl Mutation {
    /// Change that is also tried with other generators. They number types that stand at more than one place.
    pub const COMPARED: Self = adding("property of a known shape, top", property::known_top);

    /// Returns the CRDs after the change, or `None` if there is nothing to change. `foreign` has the CRDs of another
    /// project.
    pub fn of(&self, crds: &[Crd], foreign: &[Crd]) -> Option<Vec<Crd>> {
        let mut crds = crds.to_vec();
        (self.apply)(&mut crds, foreign)?;
        Some(crds)
    }
}

fn reordered(crds: &mut Vec<Crd>, _: &[Crd]) -> Option<()> {
    crds.reverse();
    crds.iter_mut().for_each(|crd| crd.versions.reverse());
    Some(())
}
