//! Small models for the tests of all targets.

use crdgen_model::{
    Bounds, Field, Model, Object, Resource, ResourceId, Scope, Shape, Slot, Type, TypeDef, TypeId, Variant,
};
use serde_json::Value as Json;

/// A namespaced resource of `ci.example.com/v1` without subresources.
pub fn resource(kind: &str, plural: &str) -> Resource {
    Resource {
        group: "ci.example.com".to_owned(),
        version: "v1".to_owned(),
        kind: kind.to_owned(),
        plural: plural.to_owned(),
        singular: kind.to_lowercase(),
        list_kind: format!("{kind}List"),
        short_names: Vec::new(),
        categories: Vec::new(),
        scope: Scope::Namespaced,
        root: TypeId(0),
        status: false,
        scale: None,
        columns: Vec::new(),
        selectable_fields: Vec::new(),
        deprecated: None,
    }
}

/// An empty slot of a type.
pub fn slot(ty: Type) -> Slot {
    Slot { ty, nullable: false, bounds: Bounds::default(), allowed: Vec::new(), rules: Vec::new() }
}

/// An optional field.
pub fn field(wire: &str, ty: Type) -> Field {
    Field { wire: wire.to_owned(), docs: None, required: false, default: None, slot: slot(ty) }
}

/// A field that the server fills.
pub fn filled_field(wire: &str, ty: Type, default: Json) -> Field {
    Field { default: Some(default), ..field(wire, ty) }
}

/// A string.
pub const STRING: Type = Type::String { format: None };

/// A list of a type.
pub fn list(ty: Type) -> Type {
    Type::List { items: Box::new(slot(ty)), list_type: None, keys: Vec::new() }
}

/// Adds types and resources to a model.
#[derive(Default)]
pub struct Builder {
    pub model: Model,
}

impl Builder {
    /// Adds an object.
    pub fn object(&mut self, name: &str, fields: Vec<Field>) -> TypeId {
        self.shape(name, Shape::Object(Object { fields, ..Object::default() }))
    }

    /// Adds an enum of values with their names.
    pub fn enumeration(&mut self, name: &str, variants: &[(&str, &str)]) -> TypeId {
        let variant = |(wire, name): &(&str, &str)| Variant { wire: (*wire).to_owned(), name: (*name).to_owned() };
        self.shape(name, Shape::Enum(variants.iter().map(variant).collect()))
    }

    /// Adds a type.
    pub fn shape(&mut self, name: &str, shape: Shape) -> TypeId {
        let path = name.to_owned();
        let name = name.to_owned();
        self.model.types.push(TypeDef { name, docs: None, shape, root_of: None, used_by: Vec::new(), path });
        TypeId(self.model.types.len() - 1)
    }

    /// Adds a resource with a root type of its kind's name.
    pub fn kind(&mut self, resource: Resource, fields: Vec<Field>) -> ResourceId {
        let mut name = resource.kind.clone();
        name[..1].make_ascii_uppercase();
        let id = ResourceId(self.model.resources.len());
        let root = self.object(&name, fields);
        self.model.types[root.0].root_of = Some(id);
        self.model.resources.push(Resource { root, ..resource });
        id
    }

    /// The object behind an id, to change.
    pub fn object_mut(&mut self, id: TypeId) -> &mut Object {
        match &mut self.model.types[id.0].shape {
            Shape::Object(object) => object,
            Shape::Enum(_) => panic!("an enum"),
        }
    }
}
