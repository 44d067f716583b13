//! Selection of the types that are written: those that a kind or a view still uses when types of the project
//! replace others.

use std::collections::BTreeSet;

use crdgen_model::{Model, Shape, TypeId, ViewMetadata};

use super::Overrides;

/// Returns every type that is written.
pub fn written(model: &Model, overrides: &Overrides) -> BTreeSet<TypeId> {
    if !overrides.replace_any() {
        return model.type_ids().map(|(id, _)| id).collect();
    }
    let mut written = BTreeSet::new();
    let metadata = model.views.iter().filter_map(|view| match view.metadata {
        ViewMetadata::Fields(id) => Some(id),
        ViewMetadata::None | ViewMetadata::Whole => None,
    });
    let roots = model.type_ids().filter(|(_, def)| is_root(def)).map(|(id, _)| id);
    let mut open: Vec<TypeId> = roots.chain(metadata).collect();
    while let Some(id) = open.pop() {
        if !written.insert(id) {
            continue;
        }
        let Shape::Object(object) = &model.get(id).shape else { continue };
        let kept = |index: usize| overrides.of_field(id, index).is_none_or(|field| field.external.is_none());
        let fields = object.fields.iter().enumerate().filter(|(index, _)| kept(*index));
        open.extend(fields.filter_map(|(_, field)| field.slot.ty.named()).filter(|&id| !overrides.replaces(id)));
    }
    written
}

fn is_root(def: &crdgen_model::TypeDef) -> bool {
    def.root_of.is_some() || def.view_of.is_some()
}
