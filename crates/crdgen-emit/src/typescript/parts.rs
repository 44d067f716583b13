//! Types that objects are made of.

use std::collections::BTreeSet;

use crate::api::{Api, Definition, Form};

/// Every type that objects are made of as they are read, of those that `types.ts` has.
pub fn parts_of_objects<'a>(api: &'a Api<'_>) -> Vec<Definition<'a>> {
    let written: BTreeSet<_> = api.definitions().into_iter().map(|written| written.name).collect();
    let roots = api.model.resources.iter().map(|resource| (resource.root, Form::Read)).collect();
    let mut parts = api.reached(roots);
    parts.retain(|part| written.contains(&part.name));
    parts
}
