//! Changes that add versions.

use std::sync::Arc;

use crdgen_schema::Crd;
use crdgen_schema::crd::Version;
use crdgen_schema::schema::SchemaType;

use super::place::deepest;
use super::spot;

pub fn newer(crds: &mut Vec<Crd>, _: &[Crd]) -> Option<()> {
    crds.iter_mut().try_for_each(|crd| add(crd, "v99"))
}

pub fn older(crds: &mut Vec<Crd>, _: &[Crd]) -> Option<()> {
    crds.iter_mut().try_for_each(|crd| add(crd, "v1alpha0"))
}

/// Adds a served copy of the storage version in which one property has another type.
fn add(crd: &mut Crd, name: &str) -> Option<()> {
    let stored = crd.versions.iter().find(|version| version.storage)?;
    let mut version = Version { name: name.to_owned(), storage: false, served: true, ..stored.clone() };
    let place = deepest(&version.schema).unwrap_or_default();
    let property = spot::at_mut(Arc::make_mut(&mut version.schema), &place)?.properties.values_mut().next();
    if let Some(property) = property {
        let changed = if property.type_ == Some(SchemaType::String) { SchemaType::Boolean } else { SchemaType::String };
        *property = crdgen_schema::Schema { type_: Some(changed), ..Default::default() };
    }
    crd.versions.push(version);
    Some(())
}
