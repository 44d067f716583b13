//! Choice of the structs that get serde's traits from the runtime's macro `object!`.
//!
//! Two kinds of structs get derives instead. One has a required field of a type that is not generated:
//! `object!` reads into an initial value, and cannot make one of such a type. The other has attributes of serde
//! from the project, which have no meaning without the derives.

use std::collections::BTreeSet;

use crdgen_model::{Field, Model, Shape, Type, TypeId};

use super::field::is_required;
use super::{Options, Overrides, Serde};

/// Source of the impls for each struct.
pub struct Expandable {
    all: Serde,
    derived: BTreeSet<TypeId>,
}

impl Expandable {
    /// Decides for every struct of a model.
    pub fn new(model: &Model, options: &Options) -> Self {
        let overrides = &options.overrides;
        let mut derived = BTreeSet::new();
        // A struct with a required field of a derived struct is derived too, because `object!` cannot make an
        // initial value of that type either.
        while *overrides != Overrides::default() {
            let more: Vec<TypeId> = model
                .type_ids()
                .filter(|(id, def)| !derived.contains(id) && is_derived(*id, &def.shape, overrides, &derived))
                .map(|(id, _)| id)
                .collect();
            if more.is_empty() {
                break;
            }
            derived.extend(more);
        }
        Self { all: options.serde, derived }
    }

    /// Returns the source of the impls for a struct.
    pub fn of(&self, id: TypeId) -> Serde {
        if self.derived.contains(&id) { Serde::Derive } else { self.all }
    }
}

fn is_derived(id: TypeId, shape: &Shape, overrides: &Overrides, derived: &BTreeSet<TypeId>) -> bool {
    let Shape::Object(object) = shape else { return false };
    let is_unknown = |index: usize, field: &Field| match (overrides.of_field(id, index), &field.slot.ty) {
        (Some(change), _) if change.external.is_some() => change.levels.is_empty(),
        (_, Type::Named(ty)) => overrides.replaces(*ty) || derived.contains(ty),
        _ => false,
    };
    let must_know = |field: &Field| is_required(field) && !field.slot.nullable;
    overrides.has_serde_attributes(id, object)
        || object.fields.iter().enumerate().any(|(index, field)| must_know(field) && is_unknown(index, field))
}
