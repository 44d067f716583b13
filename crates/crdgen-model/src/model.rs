//! The model that every emitter prints.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value as Json;

pub use crdgen_schema::crd::{Column, Scale, Scope};
pub use crdgen_schema::schema::{Bounds, ListType, Rule};

/// All resources of a run and the types they are made of. Order is deterministic and independent of the input's order:
/// resources by (group, kind, version priority), types by name.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// One entry for each generated version of each CRD.
    pub resources: Vec<Resource>,
    /// All named types; [`TypeId`] indexes into it.
    pub types: Vec<TypeDef>,
    /// Types that read only some fields of a kind, by name. They are no resources.
    pub views: Vec<View>,
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
    /// API group.
    pub group: String,
    /// Version, for example `v1beta1`.
    pub version: String,
    /// Kind on the wire, verbatim.
    pub kind: String,
    /// Plural, the resource's path segment.
    pub plural: String,
    /// Singular.
    pub singular: String,
    /// Kind of the list on the wire.
    pub list_kind: String,
    /// What the kind's operations in all versions are grouped under: [`many`](Self::many) of the version that goes by the
    /// plain kind, or with `Objects` behind it where that is the singular too.
    pub tag: String,
    /// The plural of the root's name.
    pub many: String,
    /// Short names.
    pub short_names: Vec<String>,
    /// Categories.
    pub categories: Vec<String>,
    /// Namespaced or cluster-scoped.
    pub scope: Scope,
    /// The type of the whole object. Its fields are the root properties without `apiVersion`, `kind` and `metadata`,
    /// which every root has and which emitters write themselves.
    pub root: TypeId,
    /// Has the status subresource.
    pub status: bool,
    /// Has the scale subresource.
    pub scale: Option<Scale>,
    /// Printer columns.
    pub columns: Vec<Column>,
    /// JSON paths of the selectable fields.
    pub selectable_fields: Vec<String>,
    /// What an API server warns of when this version is used, if it is deprecated.
    pub deprecated: Option<String>,
    /// The schema as `openAPIV3Schema` JSON, without descriptions.
    pub schema: Json,
    /// What the HTTP API offers of it.
    pub offers: BTreeSet<Offer>,
}

/// Something that the HTTP API of a kind can offer; a config names it in kebab case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Offer {
    /// Reads many objects.
    List,
    /// Reads one object.
    Get,
    /// Makes a new object.
    Create,
    /// Writes a whole object.
    Replace,
    /// Changes parts of an object.
    Patch,
    /// Removes an object.
    Delete,
    /// Removes many objects.
    DeleteCollection,
    /// Tells of changes as they happen.
    Watch,
    /// The same of the status, as far as one can read and write the object.
    Status,
    /// The same of the scale.
    Scale,
}

impl Offer {
    /// Everything that is offered unasked: all but the deletion of many objects by one request, which asks for a word.
    pub const UNASKED: [Self; 9] = [
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
    /// The name of its root type.
    pub name: String,
    /// What it is a view of.
    pub of: ResourceId,
    /// The type of what it reads, without `apiVersion`, `kind` and `metadata`, as [`Resource::root`].
    pub root: TypeId,
    /// The path segment of its routes.
    pub plural: String,
    /// The plural of its name.
    pub many: String,
    /// What it reads of `metadata`.
    pub metadata: ViewMetadata,
    /// What it reads, as asked for, for example `spec.pipelineRef.name`.
    pub fields: Vec<String>,
}

/// What a view reads of `metadata`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewMetadata {
    /// Nothing.
    None,
    /// All of it, as a kind does.
    Whole,
    /// Some fields: an object with fields of `metav1.ObjectMeta`.
    Fields(TypeId),
}

/// A named type.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// The name in every target: ASCII letters and digits, starts with a letter, upper camel case unless it is a kind
    /// (kept verbatim but for its first letter). Unique over the model ignoring case; for an object, `{name}Input` and
    /// `{name}Apply` are free too; for a root, `{name}List` also.
    pub name: String,
    /// Description of its first place in the CRD, as written there.
    pub docs: Option<String>,
    /// What it is.
    pub shape: Shape,
    /// The resource whose whole object this is.
    pub root_of: Option<ResourceId>,
    /// The resource of which this is a view's root; [`Model::views`] says more.
    pub view_of: Option<ResourceId>,
    /// The type that this is the apply configuration of: the same fields, all of them optional, for server-side apply.
    /// Lowering makes none; emitters that write them add them.
    pub apply_of: Option<TypeId>,
    /// Every resource that uses it, sorted.
    pub used_by: Vec<ResourceId>,
    /// Where it stands first: `Kind` followed by property names, `[]` for items and `{}` for map values,
    /// for example `PipelineRun.spec.tasks[].params{}`.
    pub path: String,
    /// The type of Kubernetes' own that this is, recognised by schema.
    pub kubernetes: Option<Kubernetes>,
}

/// A type of Kubernetes' own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kubernetes {
    /// Its definition in Kubernetes' OpenAPI: `io.k8s.api.core.v1.EnvVar`.
    pub name: String,
    /// Every object that the schema here accepts comes back unchanged from k8s-openapi's type of this name.
    pub lossless: bool,
}

/// The two forms of a named type.
#[derive(Clone, Debug)]
pub enum Shape {
    /// An object with declared fields.
    Object(Object),
    /// A string with known values. Open: a newer server may send others.
    Enum(Vec<Variant>),
}

/// An object with declared fields.
#[derive(Clone, Debug, Default)]
pub struct Object {
    /// Fields in source order, wire names unique.
    pub fields: Vec<Field>,
    /// Undeclared keys are stored too and must survive a round trip.
    pub unknown_fields: bool,
    /// CEL rules on the object.
    pub rules: Vec<Rule>,
    /// Sets of fields of which `oneOf`/`anyOf` asks for one, for documentation; empty when there are none.
    pub unions: Vec<FieldUnion>,
    /// Groups of such sets of which no two may be there, in every place of the type; none may be there either. Not among
    /// `unions`.
    pub at_most_one: Vec<Vec<Vec<String>>>,
    /// Further validation of a root. That of any other object is in the slot that holds it.
    pub validation: Option<Box<Validation>>,
}

/// Validation of a value that neither types nor fields nor bounds carry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Validation {
    /// Keys in `required` that no property declares.
    pub required: Vec<String>,
    /// `oneOf` and `anyOf` of `required` sets on a map or on any object, as [`Object::unions`].
    pub unions: Vec<FieldUnion>,
    /// All other junctors. A value must fulfil each.
    pub junctors: Vec<Junctor>,
}

/// A branch of `allOf`, or one `anyOf`, `oneOf` or `not`, as a schema in the dialect of CRDs.
#[derive(Clone, Debug, PartialEq)]
pub struct Junctor {
    /// The schema for what the server stores.
    pub stored: Json,
    /// The schema for what users write, before defaults are filled in; `None` where nothing can be said then.
    pub written: Option<Json>,
}

/// A `oneOf` or `anyOf` of `required` sets on an object: validation only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldUnion {
    /// Exactly one branch (`oneOf`) or at least one (`anyOf`).
    pub exactly_one: bool,
    /// The `required` list of each branch.
    pub branches: Vec<Vec<String>>,
}

/// A field of an object.
#[derive(Clone, Debug)]
pub struct Field {
    /// Name on the wire, exact.
    pub wire: String,
    /// Description, as written.
    pub docs: Option<String>,
    /// Listed in `required`.
    pub required: bool,
    /// What the API server fills in when it is absent. A field with a default may be absent in what users send even if it is
    /// `required`, and is present in what the server returns.
    pub default: Option<Json>,
    /// What it holds.
    pub slot: Slot,
}

/// A place for a value: its type, whether null is a value of its own, and what constrains it.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// The type.
    pub ty: Type,
    /// Null is stored and differs from absent.
    pub nullable: bool,
    /// What an API server makes of null that users write here, unless it is `nullable`.
    pub null: Null,
    /// Constraints that types do not carry.
    pub bounds: Bounds,
    /// Allowed values of a non-string (or mixed) `enum`, as written.
    pub allowed: Vec<Json>,
    /// CEL rules on the value (those of a named object are on [`Object::rules`]).
    pub rules: Vec<Rule>,
    /// Validation beyond all that.
    pub validation: Option<Box<Validation>>,
}

/// What an API server makes of null where null is not stored.
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

/// What a slot holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// A boolean.
    Boolean,
    /// An integer. Only `int32` is narrower than 64 bits on a current server.
    Integer {
        /// `format: int32`.
        int32: bool,
    },
    /// A floating point number; `float32` when `format: float`.
    Number {
        /// `format: float`.
        float32: bool,
    },
    /// A string, with its `format` as written.
    String {
        /// `date-time`, `byte`, ... or none.
        format: Option<String>,
    },
    /// An int64 or a string (`x-kubernetes-int-or-string`).
    IntOrString,
    /// A list.
    List {
        /// What the items are.
        items: Box<Slot>,
        /// Merge semantics.
        list_type: Option<ListType>,
        /// Keys of a `map` list.
        keys: Vec<String>,
    },
    /// A map from string.
    Map(Box<Slot>),
    /// Any JSON object.
    AnyObject,
    /// Any JSON value.
    Any,
    /// A named type.
    Named(TypeId),
}

/// A known value of an enum.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Variant {
    /// The value on the wire.
    pub wire: String,
    /// Its name in every target: upper camel case, ASCII, starts with a letter, unique in the enum, never `Unknown` or `Self`.
    pub name: String,
}

/// Why a place could not be typed further than [`Type::Any`] or [`Type::AnyObject`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untyped {
    /// The resource.
    pub resource: ResourceId,
    /// The path, as in [`TypeDef::path`].
    pub path: String,
    /// `preserve-unknown-fields`, `object without properties`, ...
    pub reason: &'static str,
}

impl Kubernetes {
    /// The definition's name without its package: `EnvVar`.
    pub fn short_name(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(&self.name)
    }
}

impl Type {
    /// The named type at the bottom of lists and maps.
    pub fn named(&self) -> Option<TypeId> {
        match self {
            Type::Named(id) => Some(*id),
            Type::List { items: inner, .. } | Type::Map(inner) => inner.ty.named(),
            _ => None,
        }
    }

    /// The slot of the named type at the bottom of lists and maps, to change.
    pub(crate) fn named_mut(&mut self) -> Option<&mut TypeId> {
        match self {
            Type::Named(id) => Some(id),
            Type::List { items: inner, .. } | Type::Map(inner) => inner.ty.named_mut(),
            _ => None,
        }
    }
}

impl Model {
    /// The definition behind an id.
    pub fn get(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0]
    }

    /// The resource behind an id.
    pub fn resource(&self, id: ResourceId) -> &Resource {
        &self.resources[id.0]
    }

    /// Every type with its id.
    pub fn type_ids(&self) -> impl Iterator<Item = (TypeId, &TypeDef)> {
        self.types.iter().enumerate().map(|(index, def)| (TypeId(index), def))
    }
}
