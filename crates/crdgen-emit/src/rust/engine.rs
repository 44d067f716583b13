//! Structs made by typify from a normalised JSON Schema of the model's objects.
//!
//! typify sees neither names nor optionality. Every definition is called `T` and its index, every property
//! [`field`] and its index, and all properties are required. So typify's own renaming, defaulting and merging
//! can lose nothing. The `syn` pass restores the rest.

use std::collections::HashMap;

use crdgen_model::{Model, Object, Shape, Slot, Type, TypeId};
use schemars::schema::{ArrayValidation, InstanceType, ObjectValidation, Schema, SchemaObject, SubschemaValidation};
use syn::visit_mut::{self, VisitMut};
use typify::{TypeDetails, TypeSpace, TypeSpaceSettings};

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

/// Structs of the objects of a model, as typify makes them.
pub struct Structs<'a> {
    model: &'a Model,
    overrides: &'a Overrides,
    space: TypeSpace,
    /// Type of each definition, by typify's name.
    ids: HashMap<String, TypeId>,
    /// typify's types of an object's fields, by [`field`].
    fields: HashMap<TypeId, HashMap<String, FieldType>>,
}

/// Type of a field as typify knows it. Fields with equal types have the same id.
pub type FieldType = typify::TypeId;

impl<'a> Structs<'a> {
    /// Gives typify every object of a model.
    pub fn new(model: &'a Model, overrides: &'a Overrides) -> Result<Self, Error> {
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
                    Schema::Bool(true)
                }
            };
            definitions.push((name(id), schema));
        }
        let mut space = TypeSpace::new(&settings);
        space.add_ref_types(definitions).map_err(|error| defect(error.to_string()))?;
        let ids: HashMap<String, TypeId> = model.type_ids().map(|(id, _)| (name(id), id)).collect();
        let mut fields = HashMap::new();
        for found in space.iter_types() {
            if let TypeDetails::Struct(details) = found.details()
                && let Some(id) = ids.get(&found.name())
            {
                fields.insert(*id, details.properties().map(|(name, ty)| (name.to_owned(), ty)).collect());
            }
        }
        Ok(Self { model, overrides, space, ids, fields })
    }

    /// Returns the types of an object's fields, by [`field`].
    pub fn fields(&self, id: TypeId) -> Option<&HashMap<String, FieldType>> {
        self.fields.get(&id)
    }

    /// Returns a type in Rust. A type that the project replaces by its own is a
    /// [`placeholder`](overrides::placeholder).
    pub fn rust(&self, ty: &FieldType) -> Result<syn::Type, String> {
        let found = self.space.get_type(ty).map_err(|error| error.to_string())?;
        let mut ty = syn::parse2(found.ident()).map_err(|error| error.to_string())?;
        Renamed { model: self.model, overrides: self.overrides, ids: &self.ids }.visit_type_mut(&mut ty);
        Ok(ty)
    }
}

fn name(id: TypeId) -> String {
    format!("T{}", id.0)
}

fn defect(message: String) -> Error {
    Error { target: Step::Rust, message }
}

fn definition(object: &Object) -> Schema {
    let names = (0..object.fields.len()).map(field);
    let slots = object.fields.iter().map(|field| slot(&field.slot));
    let properties = ObjectValidation {
        properties: names.clone().zip(slots).collect(),
        required: names.collect(),
        ..ObjectValidation::default()
    };
    typed(InstanceType::Object, SchemaObject { object: Some(Box::new(properties)), ..SchemaObject::default() })
}

fn slot(slot: &Slot) -> Schema {
    if !slot.nullable {
        return ty(&slot.ty);
    }
    let choices = vec![ty(&slot.ty), typed(InstanceType::Null, SchemaObject::default())];
    let choices = SubschemaValidation { one_of: Some(choices), ..SubschemaValidation::default() };
    SchemaObject { subschemas: Some(Box::new(choices)), ..SchemaObject::default() }.into()
}

fn ty(ty: &Type) -> Schema {
    let integer = |format: &str| {
        let schema = SchemaObject { format: Some(format.to_owned()), ..SchemaObject::default() };
        typed(InstanceType::Integer, schema)
    };
    match ty {
        Type::Boolean => typed(InstanceType::Boolean, SchemaObject::default()),
        Type::Integer { int32: true } => integer("int32"),
        Type::Integer { int32: false } => integer("int64"),
        // The API server does not round a number to its format.
        Type::Number { .. } => reference(NUMBER),
        // Formats are left out, because every text that the API server stores must survive unchanged.
        Type::String { .. } => typed(InstanceType::String, SchemaObject::default()),
        Type::IntOrString => reference(INT_OR_STRING),
        Type::List { items, .. } => {
            let items = ArrayValidation { items: Some(slot(items).into()), ..ArrayValidation::default() };
            typed(InstanceType::Array, SchemaObject { array: Some(Box::new(items)), ..SchemaObject::default() })
        }
        Type::Map(values) => map(slot(values)),
        Type::AnyObject => map(reference(ANY)),
        Type::Any => reference(ANY),
        Type::Named(id) => reference(&name(*id)),
    }
}

fn typed(ty: InstanceType, schema: SchemaObject) -> Schema {
    SchemaObject { instance_type: Some(ty.into()), ..schema }.into()
}

fn map(values: Schema) -> Schema {
    let values = ObjectValidation { additional_properties: Some(Box::new(values)), ..ObjectValidation::default() };
    typed(InstanceType::Object, SchemaObject { object: Some(Box::new(values)), ..SchemaObject::default() })
}

fn reference(name: &str) -> Schema {
    Schema::new_ref(format!("#/definitions/{name}"))
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
