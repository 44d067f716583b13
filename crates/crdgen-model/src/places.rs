//! Places: all positions in the schemas of resources where a named type stands, before types are shared and named.

pub mod classes;
mod unions;
pub mod validation;

use std::collections::HashSet;
use std::sync::Arc;

use crdgen_schema::schema::{Additional, Schema, SchemaType};

use crate::ids::{PlaceId, RootId, Table};
use crate::levels::{Level, Levels};
use crate::model::{Field, Null, Object, Shape, Slot, Type, Variant};
use crate::words;

use validation::Holder;

/// A position where a named type stands. Children come before their parents in [`Places::all`].
#[derive(Debug)]
pub struct Place {
    /// Resource or view that has the place.
    pub root: RootId,
    /// Steps from the root to the place; empty for the root.
    pub steps: Vec<Step>,
    /// Form of the type at the place.
    pub shape: Shape<PlaceId>,
    /// Description in the schema.
    pub docs: Option<Arc<str>>,
}

/// A property on the path to a place, with the list and map levels below it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step {
    /// Wire name of the property.
    pub property: String,
    /// Lists and maps around the value of the property.
    pub levels: Levels,
}

/// Places of a set of resources.
#[derive(Debug, Default)]
pub struct Places {
    /// Places, children first.
    pub all: Table<PlaceId, Place>,
    /// Places that could not be typed.
    pub untyped: Vec<UntypedPlace>,
}

/// A place that could not be typed further than as any value or any object.
#[derive(Debug)]
pub struct UntypedPlace {
    /// Resource or view that has the place.
    pub root: RootId,
    /// Path of the place, with levels.
    pub path: String,
    /// Reason, for example `object without properties`.
    pub reason: &'static str,
}

/// Number of Rust types on the way to an object, above which the object is not typed. To find out whether a type is
/// `Send`, rustc looks into its fields and gives up after 128 nested types (`recursion_limit`); the types around an
/// object, such as a request's future or a task, need some of these. Only a CRD that writes recursion out gets here: of
/// some 1,600 CRDs all stay below 60, except Keycloak's CRD of realm imports, which exceeds 120 with components inside
/// components.
const DEEPEST: usize = 80;

/// Properties of every object, declared or not.
const IMPLIED: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// Whether a list passes `x-kubernetes-preserve-unknown-fields` on to its items. The items get it, through any lists of
/// lists, but nothing below them does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unknown {
    Pruned,
    Kept,
}

impl Step {
    /// Returns the property with its levels, as the lock writes it.
    pub fn edge(&self) -> String {
        format!("{}{}", self.property, self.levels)
    }

    /// Returns the number of Rust types that the step leads through: those that std and indexmap put around a field.
    fn types(&self) -> usize {
        let levels = self.levels.iter().map(|level| match level {
            Level::List => 3,
            Level::Map => 6,
        });
        2 + levels.sum::<usize>()
    }

    /// Returns the step's part of a type name.
    pub fn word(&self) -> String {
        let word = words::upper_camel(&self.property);
        if self.levels.is_empty() { word } else { words::singular(&word) }
    }
}

/// Returns the path of a place, for example `Kind.spec.tasks[].params{}`.
pub fn path(kind: &str, steps: &[Step]) -> String {
    steps.iter().fold(kind.to_owned(), |path, step| format!("{path}.{}{}", step.property, step.levels))
}

impl Places {
    /// Adds the schema of a resource or view and returns the place of its root.
    pub fn add(&mut self, root: RootId, kind: &str, schema: &Schema) -> PlaceId {
        let mut walk = Walk { places: self, root, kind, steps: Vec::new() };
        let validation = validation::of(schema, Holder::Object, &IMPLIED);
        let object = Object { validation, ..walk.object(schema, Unknown::Pruned) };
        walk.place(Shape::Object(object), schema)
    }

    /// Adds the part of `metadata` that a view reads, and returns its place.
    pub fn add_metadata(&mut self, root: RootId, kind: &str, schema: &Schema) -> PlaceId {
        let steps = vec![Step { property: "metadata".to_owned(), levels: Levels::default() }];
        let mut walk = Walk { places: self, root, kind, steps };
        let object = walk.object(schema, Unknown::Pruned);
        walk.place(Shape::Object(object), schema)
    }
}

struct Walk<'a> {
    places: &'a mut Places,
    root: RootId,
    kind: &'a str,
    steps: Vec<Step>,
}

impl Walk<'_> {
    fn object(&mut self, schema: &Schema, inherited: Unknown) -> Object<PlaceId> {
        let mut fields: Vec<Field<PlaceId>> = Vec::with_capacity(schema.properties.len());
        let required: HashSet<&String> = schema.required.iter().collect();
        for (wire, property) in &schema.properties {
            if self.implied(wire) {
                continue;
            }
            let slot = match wire.as_str() {
                "metadata" if schema.embedded_resource => plain(Type::AnyObject),
                // Without these no object is embedded.
                "apiVersion" | "kind" if schema.embedded_resource => {
                    Slot { null: Null::Refused, ..self.property(wire, property) }
                }
                _ => self.property(wire, property),
            };
            fields.push(Field {
                wire: wire.clone(),
                docs: property.description.clone(),
                required: required.contains(wire),
                default: property.default.as_deref().filter(|value| !value.is_null()).cloned(),
                slot,
            });
        }
        if schema.embedded_resource {
            complete_embedded(&mut fields, &schema.required);
        }
        let keeps = schema.preserve_unknown_fields
            || inherited == Unknown::Kept
            || schema.additional_properties == Some(Additional::Allowed(true));
        let at_most_one = unions::at_most_one(schema, &fields);
        let rules = schema.validations.to_vec();
        Object { fields, unknown_fields: keeps, rules, unions: unions::of(schema), at_most_one, validation: None }
    }

    /// Returns whether every root has this property. Emitters write such properties themselves, and their schema is
    /// ignored.
    fn implied(&self, wire: &str) -> bool {
        self.steps.is_empty() && IMPLIED.contains(&wire)
    }

    fn property(&mut self, wire: &str, schema: &Schema) -> Slot<PlaceId> {
        self.steps.push(Step { property: wire.to_owned(), levels: Levels::default() });
        let slot = self.slot(schema, Unknown::Pruned, Null::Dropped);
        self.steps.pop();
        slot
    }

    /// `null` is the effect of null here when there is no default.
    fn slot(&mut self, schema: &Schema, inherited: Unknown, null: Null) -> Slot<PlaceId> {
        let ty = self.ty(schema, inherited);
        let named_object = matches!(ty, Type::Named(id) if matches!(self.places.all[id].shape, Shape::Object(_)));
        let named = matches!(ty, Type::Named(_));
        let holder = match &ty {
            Type::Named(_) if named_object => Holder::Object,
            Type::Map(_) | Type::AnyObject | Type::Any => Holder::Keys,
            _ => Holder::Scalar,
        };
        let implied: &[&str] = if schema.embedded_resource && holder == Holder::Object { &IMPLIED } else { &[] };
        Slot {
            validation: validation::of(schema, holder, implied),
            // The API server's enum check never matches null, so null cannot be stored next to an enum.
            nullable: schema.nullable && schema.enum_.is_empty(),
            null: match &schema.default {
                _ if schema.nullable => Null::Refused,
                Some(default) if !default.is_null() => Null::Filled,
                _ if null == Null::Refused && ty == Type::Any && schema.enum_.is_empty() => Null::Stored,
                _ => null,
            },
            bounds: schema.bounds.clone(),
            allowed: if named { Vec::new() } else { schema.enum_.to_vec() },
            rules: if named_object { Vec::new() } else { schema.validations.to_vec() },
            ty,
        }
    }

    fn ty(&mut self, schema: &Schema, inherited: Unknown) -> Type<PlaceId> {
        if schema.int_or_string {
            return Type::IntOrString;
        }
        match schema.type_ {
            None => self.untyped(Type::Any, "any value (x-kubernetes-preserve-unknown-fields without type)"),
            Some(SchemaType::Boolean) => Type::Boolean,
            Some(SchemaType::Integer) => Type::Integer { int32: schema.format.as_deref() == Some("int32") },
            Some(SchemaType::Number) => Type::Number { float32: schema.format.as_deref() == Some("float") },
            Some(SchemaType::String) => self.string(schema),
            Some(SchemaType::Array) => self.list(schema, inherited),
            Some(SchemaType::Object) => self.object_like(schema, inherited),
        }
    }

    fn string(&mut self, schema: &Schema) -> Type<PlaceId> {
        let mut seen = HashSet::new();
        let values = schema.enum_.iter().filter_map(|value| value.as_str());
        let values: Vec<&str> = values.filter(|value| seen.insert(*value)).collect();
        if values.is_empty() {
            return Type::String { format: schema.format.clone() };
        }
        let names = words::variant_names(&values, &["Unknown", "Self"]);
        let variants =
            values.iter().zip(names).map(|(wire, name)| Variant { wire: (*wire).to_owned(), name }).collect();
        Type::Named(self.place(Shape::Enum(variants), schema))
    }

    fn list(&mut self, schema: &Schema, inherited: Unknown) -> Type<PlaceId> {
        let unknown = if schema.preserve_unknown_fields { Unknown::Kept } else { inherited };
        let items = match &schema.items {
            Some(items) => self.below(Level::List, |walk| walk.slot(items, unknown, Null::Refused)),
            None => plain(self.below(Level::List, |walk| walk.untyped(Type::Any, "items without a schema"))),
        };
        Type::List { items: Box::new(items), list_type: schema.list_type, keys: schema.list_map_keys.to_vec() }
    }

    fn object_like(&mut self, schema: &Schema, inherited: Unknown) -> Type<PlaceId> {
        if !schema.properties.is_empty() {
            if self.steps.iter().map(Step::types).sum::<usize>() > DEEPEST {
                return self.untyped(Type::AnyObject, "nested too deep for rustc");
            }
            let object = self.object(schema, inherited);
            return Type::Named(self.place(Shape::Object(object), schema));
        }
        match &schema.additional_properties {
            Some(Additional::Schema(values)) => {
                Type::Map(Box::new(self.below(Level::Map, |walk| walk.slot(values, Unknown::Pruned, Null::Dropped))))
            }
            _ if schema.embedded_resource => self.untyped(Type::AnyObject, "embedded resource"),
            _ if schema.preserve_unknown_fields => {
                self.untyped(Type::AnyObject, "x-kubernetes-preserve-unknown-fields without properties")
            }
            Some(Additional::Allowed(true)) => self.untyped(Type::AnyObject, "additionalProperties: true"),
            _ => self.untyped(Type::AnyObject, "object without properties"),
        }
    }

    fn below<T>(&mut self, level: Level, walk: impl FnOnce(&mut Self) -> T) -> T {
        if let Some(step) = self.steps.last_mut() {
            step.levels.push(level);
        }
        let result = walk(self);
        if let Some(step) = self.steps.last_mut() {
            step.levels.pop();
        }
        result
    }

    fn place(&mut self, shape: Shape<PlaceId>, schema: &Schema) -> PlaceId {
        let (steps, docs) = (self.steps.clone(), schema.description.clone());
        self.places.all.push(Place { root: self.root, steps, shape, docs })
    }

    fn untyped(&mut self, ty: Type<PlaceId>, reason: &'static str) -> Type<PlaceId> {
        let path = path(self.kind, &self.steps);
        self.places.untyped.push(UntypedPlace { root: self.root, path, reason });
        ty
    }
}

/// Returns the fields of `metadata` that the schema of a root restricts. An API server allows restrictions of `name` and
/// `generateName` only.
pub fn restricted_metadata(schema: &Schema) -> Vec<Field> {
    let properties = schema.properties.get("metadata").into_iter().flat_map(|metadata| &metadata.properties);
    let fields = properties.map(|(wire, property)| {
        let slot = Slot {
            ty: Type::String { format: property.format.clone() },
            nullable: false,
            null: Null::Dropped,
            bounds: property.bounds.clone(),
            allowed: property.enum_.to_vec(),
            rules: property.validations.to_vec(),
            validation: validation::of(property, Holder::Scalar, &[]),
        };
        Field { wire: wire.clone(), docs: property.description.clone(), required: false, default: None, slot }
    });
    fields.filter(|field| field.slot != Slot { null: Null::Dropped, ..plain(Type::String { format: None }) }).collect()
}

fn plain<Id>(ty: Type<Id>) -> Slot<Id> {
    Slot {
        ty,
        nullable: false,
        null: Null::Refused,
        bounds: Default::default(),
        allowed: Vec::new(),
        rules: Vec::new(),
        validation: None,
    }
}

/// Adds `apiVersion`, `kind` and `metadata` to the fields of an embedded resource. The API server keeps them whether
/// they are declared or not, and coerces `metadata` to `ObjectMeta`, whatever the CRD's schema says of it.
fn complete_embedded(fields: &mut Vec<Field<PlaceId>>, required: &[String]) {
    let implied = [
        ("metadata", Type::AnyObject),
        ("kind", Type::String { format: None }),
        ("apiVersion", Type::String { format: None }),
    ];
    for (wire, ty) in implied {
        if !fields.iter().any(|field| field.wire == wire) {
            let required = required.iter().any(|name| name == wire);
            let field = Field { wire: wire.to_owned(), docs: None, required, default: None, slot: plain(ty) };
            fields.insert(0, field);
        }
    }
}
