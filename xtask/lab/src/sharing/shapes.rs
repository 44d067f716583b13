//! Numbers of places, shapes and types in a model.

use std::collections::{BTreeSet, HashMap};

use crdgen_model::{Model, Shape, Slot, Type, TypeId};
use serde::Serialize;

/// Numbers of objects and enums, counted in three ways.
#[derive(Clone, Copy, Default, Serialize)]
pub struct Counts {
    /// Number of places with a named type. A generator without sharing would emit this number of types.
    pub places: usize,
    /// Number of places with an object.
    pub objects: usize,
    /// Number of shapes that differ, names aside. A shape is the fields of an object with their wire names, whether
    /// each is required and nullable, and their types down to the leaves; or the values of an enum. Documentation,
    /// defaults, bounds and rules do not count.
    pub shapes: usize,
    /// Number of types that are emitted.
    pub types: usize,
}

impl Counts {
    /// Counts the types of a model.
    pub fn of(model: &Model) -> Self {
        let mut digests = Digests { model, known: HashMap::new(), numbers: HashMap::new() };
        let shapes: BTreeSet<usize> = model.type_ids().map(|(id, _)| digests.of(id)).collect();
        let mut places = HashMap::new();
        let below = model.resources.iter().map(|resource| places_at(model, resource.root, &mut places));
        let (places, objects) = below.fold((0, 0), |sum, found| (sum.0 + found.0, sum.1 + found.1));
        Self { places, objects, shapes: shapes.len(), types: model.types.len() }
    }
}

/// Returns the numbers of places and of places with an object, at and below one place of a type.
fn places_at(model: &Model, id: TypeId, known: &mut HashMap<TypeId, (usize, usize)>) -> (usize, usize) {
    if let Some(found) = known.get(&id) {
        return *found;
    }
    let mut found = (1, 0);
    if let Shape::Object(object) = &model.get(id).shape {
        found.1 = 1;
        for below in object.fields.iter().filter_map(|field| field.slot.ty.named()) {
            let (places, objects) = places_at(model, below, known);
            found = (found.0 + places, found.1 + objects);
        }
    }
    known.insert(id, found);
    found
}

/// Numbers for shapes: equal shapes have equal numbers.
struct Digests<'a> {
    model: &'a Model,
    known: HashMap<TypeId, usize>,
    numbers: HashMap<String, usize>,
}

impl Digests<'_> {
    fn of(&mut self, id: TypeId) -> usize {
        if let Some(number) = self.known.get(&id) {
            return *number;
        }
        let model = self.model;
        let text = match &model.get(id).shape {
            Shape::Enum(variants) => {
                let mut values: Vec<&str> = variants.iter().map(|variant| variant.wire.as_str()).collect();
                values.sort_unstable();
                format!("{values:?}")
            }
            Shape::Object(object) => {
                let fields = object.fields.iter();
                let mut fields: Vec<String> = fields
                    .map(|field| format!("{:?} {} {}", field.wire, field.required, self.slot(&field.slot)))
                    .collect();
                fields.sort_unstable();
                format!("{}{{{}}}", object.unknown_fields, fields.join(","))
            }
        };
        let next = self.numbers.len();
        let number = *self.numbers.entry(text).or_insert(next);
        self.known.insert(id, number);
        number
    }

    fn slot(&mut self, slot: &Slot) -> String {
        let null = if slot.nullable { "?" } else { "" };
        match &slot.ty {
            Type::Named(id) => format!("#{}{null}", self.of(*id)),
            Type::List { items, .. } => format!("[{}]{null}", self.slot(items)),
            Type::Map(values) => format!("{{{}}}{null}", self.slot(values)),
            Type::String { .. } => format!("string{null}"),
            scalar => format!("{scalar:?}{null}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use crdgen::pipeline;

    use super::*;
    use crate::sharing::{Versions, model};

    const CRD: &str = "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: runs.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Run, plural: runs}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              a: &leaf {type: object, properties: {x: {type: string}, mode: {type: string, enum: [A]}}}
              b: {type: array, items: *leaf}
              c: {type: object, properties: {a: *leaf}}
              d: {type: object, properties: {x: {type: string, maxLength: 3}, mode: {type: string, enum: [A]}}}
";

    #[test]
    fn a_shape_counts_once_a_place_each_time() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("crd.yaml");
        std::fs::write(&file, CRD).unwrap();
        let crds = pipeline::read(&[file.to_string_lossy().into_owned()], io::empty()).crds;
        let counts = Counts::of(&model(&crds, Versions::Storage).unwrap());
        // The root, spec, c and four leaves, each with its own mode.
        assert_eq!((counts.places, counts.objects), (11, 7));
        // The four leaves are one shape. `a`, `b` and `d` are three types, because their properties differ.
        assert_eq!((counts.shapes, counts.types), (5, 7));
    }
}
