//! Changes that add and remove properties.

use std::collections::BTreeMap;
use std::sync::Arc;

use crdgen_schema::schema::SchemaType;
use crdgen_schema::{Crd, Schema};

use super::place::{deepest, largest, stored};
use crate::stability::spot::{self, Spot, Step};

/// Names that are common in Kubernetes, where they have other shapes.
const COMMON: [&str; 5] = ["conditions", "template", "metadata", "spec", "selector"];

pub fn new_deep(crds: &mut Vec<Crd>, _: &[Crd]) -> Option<()> {
    let crd = largest(crds)?;
    let place = deepest(stored(&crds[crd])?)?;
    add_new(&mut crds[crd], &place)
}

pub fn new_top(crds: &mut Vec<Crd>, _: &[Crd]) -> Option<()> {
    let crd = largest(crds)?;
    let place = top(stored(&crds[crd])?);
    add_new(&mut crds[crd], &place)
}

pub fn new_everywhere(crds: &mut Vec<Crd>, _: &[Crd]) -> Option<()> {
    for crd in crds.iter_mut() {
        let place = top(stored(crd)?);
        add_new(crd, &place)?;
    }
    Some(())
}

pub fn known_deep(crds: &mut Vec<Crd>, _: &[Crd]) -> Option<()> {
    let crd = largest(crds)?;
    let place = deepest(stored(&crds[crd])?)?;
    add_known(&mut crds[crd], &place)
}

pub fn known_top(crds: &mut Vec<Crd>, _: &[Crd]) -> Option<()> {
    let crd = largest(crds)?;
    let place = top(stored(&crds[crd])?);
    add_known(&mut crds[crd], &place)
}

pub fn new_in_one_version(crds: &mut Vec<Crd>, _: &[Crd]) -> Option<()> {
    let several = |crd: &&mut Crd| crd.versions.iter().filter(|version| version.served).count() > 1;
    let crd = crds.iter_mut().find(several)?;
    let version = crd.versions.iter_mut().find(|version| version.storage)?;
    let place = deepest(&version.schema)?;
    let object = spot::at_mut(Arc::make_mut(&mut version.schema), &place)?;
    let name = new_name(object)?;
    object.properties.insert_sorted(name, new_shape());
    Some(())
}

/// Adds a field to the last of several places with equal shapes.
pub fn in_one_place(crds: &mut Vec<Crd>, _: &[Crd]) -> Option<()> {
    let crd = largest(crds)?;
    let schema = stored(&crds[crd])?;
    let mut alike: BTreeMap<(Option<Step>, Vec<&str>), Vec<Spot>> = BTreeMap::new();
    for place in spot::objects(schema) {
        let fields: Vec<&str> = spot::at(schema, &place)?.properties.keys().map(String::as_str).collect();
        let property = place.iter().rfind(|step| matches!(step, Step::Property(_))).cloned();
        if fields.len() > 1 {
            alike.entry((property, fields)).or_default().push(place);
        }
    }
    let most = alike.into_values().filter(|places| places.len() > 1).max_by_key(Vec::len)?;
    let place = most.last()?;
    change(&mut crds[crd], place, |object| {
        object.properties.insert_sorted("onlyHere".to_owned(), string());
        Some(())
    })
}

pub fn removed_deep(crds: &mut Vec<Crd>, _: &[Crd]) -> Option<()> {
    let crd = largest(crds)?;
    let place = deepest(stored(&crds[crd])?)?;
    change(&mut crds[crd], &place, remove)
}

pub fn removed_top(crds: &mut Vec<Crd>, _: &[Crd]) -> Option<()> {
    let crd = largest(crds)?;
    let place = top(stored(&crds[crd])?);
    change(&mut crds[crd], &place, remove)
}

/// Returns the place of the spec, or of the root if there is no spec.
fn top(schema: &Schema) -> Spot {
    match schema.properties.get("spec") {
        Some(spec) if !spec.properties.is_empty() => vec![Step::Property("spec".to_owned())],
        _ => Vec::new(),
    }
}

/// Changes a place in every version that has it, as an author would.
fn change(crd: &mut Crd, place: &Spot, change: impl Fn(&mut Schema) -> Option<()>) -> Option<()> {
    let versions = crd.versions.iter_mut();
    let changed = versions.filter_map(|version| change(spot::at_mut(Arc::make_mut(&mut version.schema), place)?));
    (changed.count() > 0).then_some(())
}

fn add_new(crd: &mut Crd, place: &Spot) -> Option<()> {
    change(crd, place, |object| {
        let name = new_name(object)?;
        object.properties.insert_sorted(name, new_shape());
        Some(())
    })
}

/// Adds a property like one elsewhere in the CRD.
fn add_known(crd: &mut Crd, place: &Spot) -> Option<()> {
    let schema = stored(crd)?;
    let there = spot::at(schema, place)?;
    let known = spot::objects(schema).into_iter().filter_map(|spot| match spot.last()? {
        Step::Property(name) if !there.properties.contains_key(name) && spot.len() > 1 => {
            Some((name.clone(), spot::at(schema, &spot)?.clone()))
        }
        _ => None,
    });
    // Prefers a shape that is neither trivial nor a large part of the CRD.
    let (name, shape) = known.max_by_key(|(_, shape)| match spot::objects(shape).len() {
        size @ 1..=20 => size,
        _ => 0,
    })?;
    change(crd, place, |object| {
        object.properties.insert_sorted(name.clone(), shape.clone());
        Some(())
    })
}

/// Returns a common name that the object does not use.
fn new_name(object: &Schema) -> Option<String> {
    COMMON.into_iter().find(|name| !object.properties.contains_key(*name)).map(str::to_owned)
}

/// Returns an object in an object, in a shape that no CRD has.
fn new_shape() -> Schema {
    object([("probeText", string()), ("template", object([("probe", string())]))])
}

fn object<const N: usize>(properties: [(&str, Schema); N]) -> Schema {
    let properties = properties.map(|(name, schema)| (name.to_owned(), schema)).into_iter().collect();
    Schema { type_: Some(SchemaType::Object), properties, ..Schema::default() }
}

fn string() -> Schema {
    Schema { type_: Some(SchemaType::String), ..Schema::default() }
}

/// Removes the first property that is not required, preferably an object.
fn remove(object: &mut Schema) -> Option<()> {
    let free: Vec<&String> = object.properties.keys().filter(|name| !object.required.contains(name)).collect();
    let is_object = |name: &&&String| !object.properties[**name].properties.is_empty();
    let name = free.iter().find(is_object).or(free.first()).map(|name| (**name).clone())?;
    // An object without properties would become a different type.
    (object.properties.len() > 1).then(|| drop(object.properties.shift_remove(&name)))
}
