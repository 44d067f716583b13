//! Structs made by typify from a normalised JSON Schema of the model's objects.
//!
//! typify sees neither names nor optionality. Every definition is called `T` and its index, every property
//! [`field`] and its index, and all properties are required. So typify's own renaming, defaulting and merging
//! can lose nothing. The `syn` pass restores the rest.

use std::collections::HashMap;

use crdgen_model::{Model, Object, Shape, Slot, Type, TypeId};
use schemars::schema::Schema;
use serde_json::{Value as Json, json};
use syn::visit_mut::{self, VisitMut};
use typify::{TypeSpace, TypeSpaceSettings};

use super::overrides::{self, Overrides};
use super::type_ident;
use crate::{Error, Step};

const INT_OR_STRING: &str = "IntOrString";
const NUMBER: &str = "Number";
const ANY: &str = "Any";

/// Returns the name under which typify knows a field of an object.
pub fn field(index: usize) -> String {
    format!("f{index}")
}

/// Returns the struct of every object of the model. Its fields are called [`field`]. A type that the project
/// replaces by its own is a [`placeholder`](overrides::placeholder).
pub fn structs(model: &Model, overrides: &Overrides) -> Result<HashMap<TypeId, syn::ItemStruct>, Error> {
    let mut settings = TypeSpaceSettings::default();
    settings.with_map_type("::crdgen_runtime::Map");
    settings.with_replacement(INT_OR_STRING, "::crdgen_runtime::IntOrString", std::iter::empty());
    settings.with_replacement(NUMBER, "::crdgen_runtime::Number", std::iter::empty());
    settings.with_replacement(ANY, "::crdgen_runtime::Json", std::iter::empty());
    let mut definitions: Vec<(String, Schema)> =
        [INT_OR_STRING, NUMBER, ANY].map(|name| (name.to_owned(), Schema::Bool(true))).into();
    for (id, def) in model.type_ids() {
        let schema = match &def.shape {
            Shape::Object(object) => definition(object),
            Shape::Enum(_) => {
                settings.with_replacement(name(id), name(id), std::iter::empty());
                json!(true)
            }
        };
        let schema = serde_json::from_value(schema).map_err(|error| defect(format!("{}: {error}", def.name)))?;
        definitions.push((name(id), schema));
    }
    let mut space = TypeSpace::new(&settings);
    space.add_ref_types(definitions).map_err(|error| defect(error.to_string()))?;
    let file: syn::File = syn::parse2(space.to_stream()).map_err(|error| defect(error.to_string()))?;

    let ids: HashMap<String, TypeId> = model.type_ids().map(|(id, _)| (name(id), id)).collect();
    let mut structs = HashMap::new();
    for item in file.items {
        if let syn::Item::Struct(mut item) = item
            && let Some(id) = ids.get(&item.ident.to_string())
        {
            Renamed { model, overrides, ids: &ids }.visit_item_struct_mut(&mut item);
            structs.insert(*id, item);
        }
    }
    Ok(structs)
}

fn name(id: TypeId) -> String {
    format!("T{}", id.0)
}

fn defect(message: String) -> Error {
    Error { target: Step::Rust, message }
}

fn definition(object: &Object) -> Json {
    let names = (0..object.fields.len()).map(field);
    let slots = object.fields.iter().map(|field| slot(&field.slot));
    let properties: serde_json::Map<String, Json> = names.clone().zip(slots).collect();
    json!({ "type": "object", "properties": properties, "required": names.collect::<Vec<_>>() })
}

fn slot(slot: &Slot) -> Json {
    let schema = ty(&slot.ty);
    if slot.nullable { json!({ "oneOf": [schema, { "type": "null" }] }) } else { schema }
}

fn ty(ty: &Type) -> Json {
    let reference = |name: &str| json!({ "$ref": format!("#/definitions/{name}") });
    match ty {
        Type::Boolean => json!({ "type": "boolean" }),
        Type::Integer { int32: true } => json!({ "type": "integer", "format": "int32" }),
        Type::Integer { int32: false } => json!({ "type": "integer", "format": "int64" }),
        // The API server does not round a number to its format.
        Type::Number { .. } => reference(NUMBER),
        // Formats are left out, because every text that the API server stores must survive unchanged.
        Type::String { .. } => json!({ "type": "string" }),
        Type::IntOrString => reference(INT_OR_STRING),
        Type::List { items, .. } => json!({ "type": "array", "items": slot(items) }),
        Type::Map(values) => json!({ "type": "object", "additionalProperties": slot(values) }),
        Type::AnyObject => json!({ "type": "object", "additionalProperties": reference(ANY) }),
        Type::Any => reference(ANY),
        Type::Named(id) => reference(&name(*id)),
    }
}

/// Visitor that restores the real type names.
struct Renamed<'a> {
    model: &'a Model,
    overrides: &'a Overrides,
    ids: &'a HashMap<String, TypeId>,
}

impl VisitMut for Renamed<'_> {
    fn visit_ident_mut(&mut self, ident: &mut syn::Ident) {
        if let Some(id) = self.ids.get(&ident.to_string()) {
            *ident = match self.overrides.replaces(*id) {
                true => super::ident(&overrides::placeholder(*id)),
                false => type_ident(self.model.get(*id)),
            };
        }
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        // A runtime `Map` has string keys, so it has one parameter. typify writes two.
        if let Some(last) = path.segments.last_mut().filter(|segment| segment.ident == "Map")
            && let syn::PathArguments::AngleBracketed(arguments) = &mut last.arguments
            && arguments.args.len() == 2
        {
            arguments.args = arguments.args.iter().skip(1).cloned().collect();
        }
    }
}
