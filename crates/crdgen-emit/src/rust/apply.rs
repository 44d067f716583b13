//! Apply configurations: for each kind a type for server-side apply, in which every field is optional.
//!
//! An apply contains only the fields that its field manager owns, so required fields of the whole object are
//! not required in it. A type with a required field, directly or below, gets a twin, `{name}Apply`, without
//! required fields. Every other type is used as it is. Only types that Kubernetes merges field by field are
//! followed: an atomic list is replaced as a whole, so its items are complete.
//!
//! Status is a field too, absent unless set, as in `k8s.io/client-go/applyconfigurations`. One type serves
//! the kind and its status subresource, each of which ignores the fields of the other.

use std::collections::{BTreeMap, BTreeSet};

use crdgen_model::{Field, ListType, Model, Object, Shape, Slot, Type, TypeDef, TypeId};

use super::field::is_required;
use super::{Options, Overrides};
use crate::article::with_article_in_code;

/// Returns the model with the twins added after its own types, and the options with the project's changes
/// copied to the twins.
pub fn with_twins(model: &Model, options: &Options) -> (Model, Options) {
    let twins = Twins::new(model, &options.overrides);
    let (mut model, mut options) = (model.clone(), options.clone());
    let mut taken: BTreeSet<String> = model.types.iter().map(|def| def.name.to_ascii_lowercase()).collect();
    let added: Vec<TypeDef> =
        twins.of.keys().map(|id| twins.twin(*id, &model, &options.overrides, &mut taken)).collect();
    model.types.extend(added);
    for (original, twin) in &twins.of {
        options.overrides.copy(*original, *twin);
    }
    (model, options)
}

/// Ids of the twins, by the id of the original type.
struct Twins {
    of: BTreeMap<TypeId, TypeId>,
}

impl Twins {
    fn new(model: &Model, overrides: &Overrides) -> Self {
        let mut walk = Walk { model, overrides, known: BTreeMap::new() };
        let roots: BTreeSet<TypeId> = model.resources.iter().map(|resource| resource.root).collect();
        roots.iter().for_each(|root| {
            walk.needs_twin(*root);
        });
        let needed = walk.known.into_iter().filter(|(id, needed)| *needed || roots.contains(id));
        let first = model.types.len();
        Self { of: needed.enumerate().map(|(index, (id, _))| (id, TypeId(first + index))).collect() }
    }

    /// Returns the definition of a twin.
    fn twin(&self, id: TypeId, model: &Model, overrides: &Overrides, taken: &mut BTreeSet<String>) -> TypeDef {
        let def = model.get(id);
        // The model keeps this name free, but an edited lock may not.
        let mut name = format!("{}Apply", def.name);
        while !taken.insert(name.to_ascii_lowercase()) {
            name.push_str("Configuration");
        }
        let Shape::Object(object) = &def.shape else { unreachable!("only objects require something") };
        let fields = object.fields.iter().enumerate();
        let fields = fields.map(|(index, field)| match is_external(overrides, id, index) {
            true => Field { required: false, ..field.clone() },
            false => self.field(field),
        });
        let owner = with_article_in_code(&def.name);
        let docs = format!("Fields of {owner} for server-side apply. Absent fields are left to other field managers.");
        TypeDef {
            name,
            docs: Some(docs.into()),
            shape: Shape::Object(Object {
                fields: fields.collect(),
                unknown_fields: object.unknown_fields,
                ..Object::default()
            }),
            apply_of: Some(id),
            ..def.clone()
        }
    }

    fn field(&self, field: &Field) -> Field {
        let merges = merging(&field.slot.ty);
        let mut paragraphs: Vec<String> = field.docs.iter().map(|docs| docs.as_ref().to_owned()).collect();
        paragraphs.extend(merges);
        Field {
            required: false,
            docs: (!paragraphs.is_empty()).then(|| paragraphs.join("\n\n").into()),
            slot: self.slot(&field.slot),
            ..field.clone()
        }
    }

    fn slot(&self, slot: &Slot) -> Slot {
        let ty = match &slot.ty {
            Type::Named(id) => Type::Named(self.of.get(id).copied().unwrap_or(*id)),
            Type::List { items, list_type, keys } if *list_type == Some(ListType::Map) => {
                Type::List { items: Box::new(self.slot(items)), list_type: *list_type, keys: keys.clone() }
            }
            Type::Map(values) => Type::Map(Box::new(self.slot(values))),
            other => other.clone(),
        };
        Slot { ty, ..slot.clone() }
    }
}

/// Describes how a list is merged (`structured-merge-diff`).
fn merging(ty: &Type) -> Option<String> {
    let Type::List { list_type, keys, .. } = ty else { return None };
    Some(match list_type {
        Some(ListType::Map) => {
            let keys: Vec<String> = keys.iter().map(|key| super::docs::code(key)).collect();
            format!("Merged item by item. Every item must set {}.", keys.join(" and "))
        }
        Some(ListType::Set) => "Merged: items of other field managers are kept.".to_owned(),
        Some(ListType::Atomic) | None => "Replaced as a whole.".to_owned(),
    })
}

/// Search for types with a required field, directly or below.
struct Walk<'a> {
    model: &'a Model,
    overrides: &'a Overrides,
    known: BTreeMap<TypeId, bool>,
}

impl Walk<'_> {
    fn needs_twin(&mut self, id: TypeId) -> bool {
        if let Some(known) = self.known.get(&id) {
            return *known;
        }
        let mut needed = false;
        if let Shape::Object(object) = &self.model.get(id).shape
            && !self.overrides.replaces(id)
        {
            needed = object.fields.iter().any(is_required);
            for (index, field) in object.fields.iter().enumerate() {
                if !is_external(self.overrides, id, index)
                    && let Some(below) = merged(&field.slot.ty)
                {
                    needed |= self.needs_twin(below);
                }
            }
        }
        self.known.insert(id, needed);
        needed
    }
}

/// Returns the named type inside `ty` whose values are merged field by field.
fn merged(ty: &Type) -> Option<TypeId> {
    match ty {
        Type::Named(id) => Some(*id),
        Type::List { items, list_type: Some(ListType::Map), .. } => merged(&items.ty),
        Type::Map(values) => merged(&values.ty),
        _ => None,
    }
}

fn is_external(overrides: &Overrides, owner: TypeId, index: usize) -> bool {
    overrides.of_field(owner, index).is_some_and(|change| change.external.is_some())
}
