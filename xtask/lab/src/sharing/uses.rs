//! Shared types with the most places, and examples to judge their names.

use std::collections::{BTreeMap, BTreeSet};

use crdgen_model::{Model, Shape, TypeId};
use serde::Serialize;

/// A shared type and its places.
#[derive(Serialize)]
pub struct Use {
    /// Name of the type.
    pub name: String,
    /// Number of places.
    pub places: usize,
    /// Number of CRDs with such a place.
    pub crds: usize,
    /// Fields or values of the type.
    pub members: Vec<String>,
    /// Properties that hold the type, with the number of places for each, most frequent first.
    pub properties: Vec<(String, usize)>,
    /// Two places whose paths have as little in common as possible.
    pub examples: Vec<String>,
}

/// Number of types that are listed.
const LISTED: usize = 100;

#[derive(Clone, Default)]
struct Found {
    places: usize,
    crds: BTreeSet<(String, String)>,
    properties: BTreeMap<String, usize>,
    first: String,
    other: Option<String>,
}

/// Returns the types with the most places, most used first.
pub fn most_used(model: &Model) -> Vec<Use> {
    let mut found = vec![Found::default(); model.types.len()];
    for resource in &model.resources {
        let crd = (resource.group.clone(), resource.kind.clone());
        let mut walk = Walk { model, crd, found: &mut found };
        walk.at(resource.root, &resource.kind, "");
    }
    let mut order: Vec<TypeId> = model.type_ids().map(|(id, _)| id).filter(|id| found[id.0].places > 1).collect();
    order.sort_by_key(|id| (std::cmp::Reverse(found[id.0].places), &model.get(*id).name));
    order.into_iter().take(LISTED).map(|id| describe(model, id, &found[id.0])).collect()
}

struct Walk<'a> {
    model: &'a Model,
    crd: (String, String),
    found: &'a mut [Found],
}

impl Walk<'_> {
    fn at(&mut self, id: TypeId, path: &str, property: &str) {
        self.found[id.0].add(&self.crd, path, property);
        let model = self.model;
        let Shape::Object(object) = &model.get(id).shape else { return };
        for field in &object.fields {
            if let Some(below) = field.slot.ty.named() {
                self.at(below, &format!("{path}.{}", field.wire), &field.wire);
            }
        }
    }
}

impl Found {
    fn add(&mut self, crd: &(String, String), path: &str, property: &str) {
        self.places += 1;
        *self.properties.entry(property.to_owned()).or_default() += 1;
        if self.first.is_empty() {
            path.clone_into(&mut self.first);
        } else if self.other.as_deref().is_none_or(|other| distance(&self.first, other) < distance(&self.first, path)) {
            self.other = Some(path.to_owned());
        }
        if !self.crds.contains(crd) {
            self.crds.insert(crd.clone());
        }
    }
}

/// Returns how little two paths have in common: their properties count first, from the end, then their kinds.
fn distance(one: &str, other: &str) -> usize {
    let alike = one.rsplit('.').zip(other.rsplit('.')).take_while(|(one, other)| one == other).count();
    let kinds = one.split('.').next() != other.split('.').next();
    100_usize.saturating_sub(alike) * 2 + usize::from(kinds)
}

fn describe(model: &Model, id: TypeId, found: &Found) -> Use {
    let def = model.get(id);
    let members = match &def.shape {
        Shape::Object(object) => object.fields.iter().map(|field| field.wire.clone()).collect(),
        Shape::Enum(variants) => variants.iter().map(|variant| format!("{:?}", variant.wire)).collect(),
    };
    let mut properties: Vec<(String, usize)> = found.properties.clone().into_iter().collect();
    properties.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let examples = std::iter::once(found.first.clone()).chain(found.other.clone()).collect();
    Use { name: def.name.clone(), places: found.places, crds: found.crds.len(), members, properties, examples }
}
