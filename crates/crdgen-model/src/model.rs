//! The model that every emitter prints.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value as Json;

use crate::levels::Level;

pub use crdgen_schema::crd::{Column, Scale, Scope};
pub use crdgen_schema::schema::{Bounds, ListType, Rule, Schema, Sparse, SparseBounds, Written};

/// All resources of a run and the types they are made of. The order does not depend on the order of the input:
/// resources are sorted by group, kind and version priority, types by name.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// One entry for each generated version of each CRD.
    pub resources: Vec<Resource>,
    /// Named types, indexed by [`TypeId`].
    pub types: Vec<TypeDef>,
    /// Types that read only some fields of a kind, sorted by name. They are not resources.
    pub views: Vec<View>,
    /// Whether the API has an operation that tells callers their permissions.
    pub permissions: bool,
}

/// Index into [`Model::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub usize);

/// Index into [`Model::resources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceId(pub usize);

/// One version of one custom resource.
#[derive(Clone, Debug)]
pub struct Resource {
    /// API group (`spec.group` of the CRD), for example `ci.example.com`.
    pub group: String,
    /// Version, for example `v1beta1`.
    pub version: String,
    /// Kind (`spec.names.kind`), verbatim.
    pub kind: String,
    /// Plural (`spec.names.plural`), the path segment of the resource.
    pub plural: String,
    /// Singular (`spec.names.singular`), for example `pipelinerun`.
    pub singular: String,
    /// Kind of the list (`spec.names.listKind`), for example `PipelineRunList`.
    pub list_kind: String,
    /// Name under which the kind's operations in all versions are grouped, for example `PipelineRuns`. It is
    /// [`plural_name`](Self::plural_name) of the version whose root is named without a version, followed by `Objects` if
    /// that plural equals the singular.
    pub tag: String,
    /// Plural of the root type's name, for example `PipelineRuns`.
    pub plural_name: String,
    /// Short names for kubectl (`spec.names.shortNames`).
    pub short_names: Vec<String>,
    /// Categories for kubectl (`spec.names.categories`).
    pub categories: Vec<String>,
    /// Scope of the objects: namespaced or cluster-scoped.
    pub scope: Scope,
    /// Type of the whole object. Its fields are the root properties without `apiVersion`, `kind` and `metadata`, which
    /// every root has and which emitters write themselves.
    pub root: TypeId,
    /// Fields of `metadata` that the CRD restricts: `name`, `generateName` or both, as strings.
    pub metadata: Vec<Field>,
    /// Whether the version has the status subresource.
    pub status: bool,
    /// Scale subresource, if the version has one.
    pub scale: Option<Scale>,
    /// Printer columns (`additionalPrinterColumns`).
    pub columns: Vec<Column>,
    /// JSON paths of the selectable fields (`selectableFields`).
    pub selectable_fields: Vec<String>,
    /// Warning that an API server sends when this version is used; `None` if the version is not deprecated.
    pub deprecated: Option<String>,
    /// Schema of the version, shared with its CRD.
    pub schema: Arc<Schema>,
    /// Operations and subresources that the HTTP API offers for the kind.
    pub operations: BTreeSet<ApiOperation>,
}

/// Operation or subresource that the HTTP API of a kind can offer. A config names it in kebab case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApiOperation {
    /// Lists objects.
    List,
    /// Reads one object.
    Get,
    /// Creates an object.
    Create,
    /// Replaces a whole object.
    Replace,
    /// Patches an object.
    Patch,
    /// Deletes one object.
    Delete,
    /// Deletes many objects with one request.
    DeleteCollection,
    /// Watches objects for changes.
    Watch,
    /// Status subresource. It can be read and written as far as the object can.
    Status,
    /// Scale subresource. It can be read and written as far as the object can.
    Scale,
}

impl ApiOperation {
    /// Default operations: all except [`Self::DeleteCollection`], which a config must name.
    pub const DEFAULT: [Self; 9] = [
        Self::List,
        Self::Get,
        Self::Create,
        Self::Replace,
        Self::Patch,
        Self::Delete,
        Self::Watch,
        Self::Status,
        Self::Scale,
    ];
}

/// A type that reads only some fields of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Name of the root type.
    pub name: String,
    /// Resource that the view reads.
    pub of: ResourceId,
    /// Type of the fields that the view reads, without `apiVersion`, `kind` and `metadata`, like [`Resource::root`].
    pub root: TypeId,
    /// Path segment of the view's routes.
    pub plural: String,
    /// Plural of the name, for example `PipelineRunSummaries`.
    pub plural_name: String,
    /// Part of `metadata` that the view reads.
    pub metadata: ViewMetadata,
    /// Paths of the fields that the view reads, as the config lists them, for example `spec.pipelineRef.name`.
    pub fields: Vec<String>,
}

/// Part of `metadata` that a view reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewMetadata {
    /// Nothing of `metadata`.
    None,
    /// All of `metadata`, as for a kind.
    Whole,
    /// Some fields of `metadata`: an object with fields of `metav1.ObjectMeta`.
    Fields(TypeId),
}

/// A named type.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// Name in every target: ASCII letters and digits, starting with a letter, in upper camel case. A kind is kept
    /// verbatim except for its first letter. Names are unique in the model ignoring case. For an object, `{name}Input`
    /// and `{name}Apply` are free too; for a root, also `{name}List`.
    pub name: String,
    /// Description of the first place that has one, verbatim. A Kubernetes type has its own description.
    pub docs: Option<Arc<str>>,
    /// Form of the type: object or enum.
    pub shape: Shape,
    /// Resource whose whole object has this type.
    pub root_of: Option<ResourceId>,
    /// Resource that a view reads whose root has this type; see [`Model::views`].
    pub view_of: Option<ResourceId>,
    /// Type of which this type is the apply configuration: the same fields, all optional, for server-side apply.
    /// Lowering makes no such types; emitters that write them add them.
    pub apply_of: Option<TypeId>,
    /// Resources that use the type, sorted.
    pub used_by: Vec<ResourceId>,
    /// Path of the first place: `Kind` followed by property names, with `[]` for items and `{}` for map values, for
    /// example `PipelineRun.spec.tasks[].params{}`.
    pub path: String,
    /// Kubernetes type that was recognised in the schema.
    pub kubernetes: Option<Kubernetes>,
}

/// A type of Kubernetes itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kubernetes {
    /// Name of the definition in Kubernetes' OpenAPI document, for example `io.k8s.api.core.v1.EnvVar`.
    pub name: String,
    /// Whether every object that the CRD's schema accepts comes back unchanged from k8s-openapi's type of this name.
    pub lossless: bool,
}

/// Form of a named type. `Id` refers to other named types: in a [`Model`] it is a [`TypeId`].
#[derive(Clone, Debug, PartialEq)]
pub enum Shape<Id = TypeId> {
    /// An object with declared fields.
    Object(Object<Id>),
    /// A string with known values. The enum is open, because a newer server may send other values.
    Enum(Vec<Variant>),
}

/// An object with declared fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Object<Id = TypeId> {
    /// Fields in source order, with unique wire names.
    pub fields: Vec<Field<Id>>,
    /// Whether undeclared keys are stored too. Such keys must survive a round trip.
    pub unknown_fields: bool,
    /// CEL rules on the object (`x-kubernetes-validations`).
    pub rules: Vec<Rule>,
    /// Sets of fields of which a `oneOf` or `anyOf` requires one, for documentation; empty if there are none.
    pub unions: Vec<FieldUnion>,
    /// Groups of field sets of which at most one may be present, in every place of the type. They are not in `unions`.
    pub at_most_one: Vec<Vec<Vec<String>>>,
    /// Further validation of a root. For any other object it is in the [`Slot`] that holds the object.
    pub validation: Option<Box<Validation>>,
}

/// Validation of a value beyond its type, fields and bounds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Validation {
    /// Keys in `required` that no property declares.
    pub required: Vec<String>,
    /// `oneOf` and `anyOf` of `required` sets on a map or on any object, like [`Object::unions`].
    pub unions: Vec<FieldUnion>,
    /// All other junctors. A value must satisfy each of them.
    pub junctors: Vec<Junctor>,
}

/// A junctor as a schema in the dialect of CRDs: a branch of `allOf`, or a whole `anyOf`, `oneOf` or `not`.
#[derive(Clone, Debug, PartialEq)]
pub struct Junctor {
    /// Schema for objects as the server stores them.
    pub stored: Json,
    /// Schema for objects as users write them, before defaulting; `None` if nothing can be checked then.
    pub written: Option<Json>,
}

/// A `oneOf` or `anyOf` of `required` sets on an object, for validation only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldUnion {
    /// Whether exactly one branch must match (`oneOf`) instead of at least one (`anyOf`).
    pub exactly_one: bool,
    /// `required` list of each branch.
    pub branches: Vec<Vec<String>>,
}

/// A field of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Field<Id = TypeId> {
    /// Exact name on the wire.
    pub wire: String,
    /// Description, verbatim.
    pub docs: Option<Arc<str>>,
    /// Whether the field is listed in `required`.
    pub required: bool,
    /// Default that the API server fills in if the field is absent. A field with a default may be absent in requests
    /// even if it is `required`, and is present in responses.
    pub default: Option<Json>,
    /// Type and constraints of the value.
    pub slot: Slot<Id>,
}

/// Position of a value: its type, whether null is a value of its own, and its constraints.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot<Id = TypeId> {
    /// Type of the value.
    pub ty: Type<Id>,
    /// Whether null is stored and differs from absent.
    pub nullable: bool,
    /// Effect of null that users write here, unless the slot is `nullable`.
    pub null: Null,
    /// Constraints that types do not express, such as `minimum` and `pattern`.
    pub bounds: SparseBounds,
    /// Allowed values of a non-string or mixed `enum`, verbatim.
    pub allowed: Vec<Json>,
    /// CEL rules on the value. Rules on a named object are in [`Object::rules`].
    pub rules: Vec<Rule>,
    /// Validation beyond type, bounds, allowed values and rules.
    pub validation: Option<Box<Validation>>,
}

/// Effect of null on an API server that does not store it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Null {
    /// The key is removed, as if it had not been written.
    #[default]
    Dropped,
    /// The default stands in its place.
    Filled,
    /// It is stored: in a list of values of any type.
    Stored,
    /// The object is refused: in a list, and where values are enumerated beside `nullable`.
    Refused,
}

/// Type of the value in a slot.
#[derive(Clone, Debug, PartialEq)]
pub enum Type<Id = TypeId> {
    /// `boolean` in the schema.
    Boolean,
    /// An integer. It has 64 bits unless `int32` is set.
    Integer {
        /// Whether the schema says `format: int32`.
        int32: bool,
    },
    /// A floating point number.
    Number {
        /// Whether the schema says `format: float`.
        float32: bool,
    },
    /// `string` in the schema.
    String {
        /// `format` of the schema, verbatim, for example `date-time` or `byte`.
        format: Option<String>,
    },
    /// An int64 or a string (`x-kubernetes-int-or-string`).
    IntOrString,
    /// `array` in the schema.
    List {
        /// Slot of the items.
        items: Box<Slot<Id>>,
        /// Merge semantics (`x-kubernetes-list-type`).
        list_type: Option<ListType>,
        /// Keys of a list of type `map` (`x-kubernetes-list-map-keys`).
        keys: Vec<String>,
    },
    /// A map from strings to values of one slot.
    Map(Box<Slot<Id>>),
    /// Any JSON object.
    AnyObject,
    /// Any JSON value.
    Any,
    /// A named type.
    Named(Id),
}

/// A known value of an enum.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Variant {
    /// Value on the wire.
    pub wire: String,
    /// Name in every target: upper camel case, ASCII, starting with a letter, unique in the enum, never `Unknown` or
    /// `Self`.
    pub name: String,
}

/// A place that could not be typed further than [`Type::Any`] or [`Type::AnyObject`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untyped {
    /// Resource that has the place.
    pub resource: ResourceId,
    /// Path of the place, in the syntax of [`TypeDef::path`].
    pub path: String,
    /// Reason, for example `object without properties`.
    pub reason: &'static str,
}

impl Kubernetes {
    /// Returns the definition's name without its package, for example `EnvVar`.
    pub fn short_name(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(&self.name)
    }
}

impl<Id> Default for Object<Id> {
    /// Returns an object without fields.
    fn default() -> Self {
        Self {
            fields: Vec::new(),
            unknown_fields: false,
            rules: Vec::new(),
            unions: Vec::new(),
            at_most_one: Vec::new(),
            validation: None,
        }
    }
}

impl<Id> Slot<Id> {
    /// Returns the slot of the items of a list or of the values of a map.
    pub fn below(&self) -> Option<(Level, &Self)> {
        match &self.ty {
            Type::List { items, .. } => Some((Level::List, items)),
            Type::Map(values) => Some((Level::Map, values)),
            _ => None,
        }
    }
}

impl<Id: Copy> Type<Id> {
    /// Returns the named type at the bottom of lists and maps.
    pub fn named(&self) -> Option<Id> {
        match self {
            Type::Named(id) => Some(*id),
            Type::List { items: inner, .. } | Type::Map(inner) => inner.ty.named(),
            _ => None,
        }
    }
}

impl<Id> Shape<Id> {
    /// Returns the shape with each id replaced by `to`'s id for it.
    pub(crate) fn map<To>(self, to: &impl Fn(Id) -> To) -> Shape<To> {
        match self {
            Shape::Object(object) => Shape::Object(object.map(to)),
            Shape::Enum(variants) => Shape::Enum(variants),
        }
    }
}

impl<Id> Object<Id> {
    fn map<To>(self, to: &impl Fn(Id) -> To) -> Object<To> {
        let Self { fields, unknown_fields, rules, unions, at_most_one, validation } = self;
        let field = |Field { wire, docs, required, default, slot }: Field<Id>| {
            let slot = slot.map(to);
            Field { wire, docs, required, default, slot }
        };
        let fields = fields.into_iter().map(field).collect();
        Object { fields, unknown_fields, rules, unions, at_most_one, validation }
    }
}

impl<Id> Slot<Id> {
    fn map<To>(self, to: &impl Fn(Id) -> To) -> Slot<To> {
        let Self { ty, nullable, null, bounds, allowed, rules, validation } = self;
        Slot { ty: ty.map(to), nullable, null, bounds, allowed, rules, validation }
    }
}

impl<Id> Type<Id> {
    fn map<To>(self, to: &impl Fn(Id) -> To) -> Type<To> {
        match self {
            Type::Boolean => Type::Boolean,
            Type::Integer { int32 } => Type::Integer { int32 },
            Type::Number { float32 } => Type::Number { float32 },
            Type::String { format } => Type::String { format },
            Type::IntOrString => Type::IntOrString,
            Type::List { items, list_type, keys } => Type::List { items: Box::new(items.map(to)), list_type, keys },
            Type::Map(values) => Type::Map(Box::new(values.map(to))),
            Type::AnyObject => Type::AnyObject,
            Type::Any => Type::Any,
            Type::Named(id) => Type::Named(to(id)),
        }
    }
}

impl Model {
    /// Returns the type definition of an id.
    pub fn get(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0]
    }

    /// Returns the resource of an id.
    pub fn resource(&self, id: ResourceId) -> &Resource {
        &self.resources[id.0]
    }

    /// Returns every type with its id.
    pub fn type_ids(&self) -> impl Iterator<Item = (TypeId, &TypeDef)> {
        self.types.iter().enumerate().map(|(index, def)| (TypeId(index), def))
    }
}
