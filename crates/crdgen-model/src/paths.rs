//! Every path of every resource, with what stands there.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::model::{Model, ResourceId, Shape, Slot, Type, TypeId};
use crate::place::Place;
use crate::roots::Roots;

/// A path of a resource: its root, or a property somewhere below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathEntry {
    /// The resource; for a path of a view, what that is a view of.
    pub resource: ResourceId,
    /// As [`TypeDef::path`](crate::TypeDef::path), without the levels of the property itself: `PipelineRun.spec.tasks`.
    pub path: String,
    /// Those levels: `[]` for each list and `{}` for each map, outermost first.
    pub levels: String,
    /// What stands there, for people: `list of PipelineRunTask`.
    pub ty: String,
    /// The named type at the bottom of its lists and maps.
    pub named: Option<TypeId>,
    /// The object that has the property, and its index in [`Object::fields`](crate::Object::fields); absent for a root.
    pub owner: Option<(TypeId, usize)>,
    /// Why the named type is called what it is called.
    pub why: Option<Why>,
    /// Why it is not typed any further, if it could not be.
    pub untyped: Option<&'static str>,
}

/// Why a type has its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is a kind's root: the kind, behind its version or words of its group where others have it too.
    Kind,
    /// It is a view's root.
    View,
    /// An earlier run gave it.
    Locked,
    /// The project's config gives it.
    Renamed,
    /// It is a type of Kubernetes' own.
    Kubernetes,
    /// The shortest end of its path that no other type claims, behind its kind where it belongs to one; where several claim
    /// every one, the shortest that is left.
    Suffix,
    /// Its whole path: everything shorter is taken. With `Value` behind it, or its separators spelled out.
    Spelled,
}

impl PathEntry {
    /// The path with its levels: `PipelineRun.spec.tasks[]`.
    pub fn with_levels(&self) -> Cow<'_, str> {
        match self.levels.as_str() {
            "" => Cow::Borrowed(&self.path),
            levels => Cow::Owned(format!("{}{levels}", self.path)),
        }
    }
}

/// Only views have places for the metadata of a root.
pub(crate) fn is_metadata(place: &Place) -> bool {
    matches!(place.steps.as_slice(), [only] if only.property == "metadata")
}

/// What a walk over all paths needs to know.
pub(crate) struct Walk<'a> {
    /// The finished types.
    pub model: &'a Model,
    /// The resources and views.
    pub roots: &'a Roots,
    /// The places they stand at.
    pub places: &'a [Place],
    /// The type of each place.
    pub type_of: &'a dyn Fn(usize) -> TypeId,
    /// Why the type of each place has its name.
    pub why_of: &'a dyn Fn(usize) -> Why,
    /// What could not be typed.
    pub untyped: &'a HashMap<(ResourceId, &'a str), &'static str>,
}

impl Walk<'_> {
    /// Every path, by root, each root's in the order of its schema.
    pub fn all(&self) -> Vec<PathEntry> {
        let mut entries = Vec::new();
        for root in (0..self.places.len()).filter(|&place| self.places[place].steps.is_empty()) {
            self.root(root, &mut entries);
        }
        entries
    }

    fn root(&self, place: usize, entries: &mut Vec<PathEntry>) {
        let root = self.places[place].resource;
        let path = self.roots.origins[root.0].kind.clone();
        entries.push(self.unowned(place, path.clone()));
        self.object(place, &path, entries);
        let is_metadata = |other: &Place| other.resource == root && is_metadata(other);
        if let Some(metadata) = self.places.iter().position(is_metadata) {
            let path = format!("{path}.metadata");
            entries.push(self.unowned(metadata, path.clone()));
            self.object(metadata, &path, entries);
        }
    }

    /// What is no field: a root, and what a view reads of `metadata`.
    fn unowned(&self, place: usize, path: String) -> PathEntry {
        let id = (self.type_of)(place);
        PathEntry {
            resource: self.roots.resource(self.places[place].resource),
            path,
            levels: String::new(),
            ty: self.model.get(id).name.clone(),
            named: Some(id),
            owner: None,
            why: Some((self.why_of)(place)),
            untyped: None,
        }
    }

    fn object(&self, place: usize, path: &str, entries: &mut Vec<PathEntry>) {
        let Shape::Object(own) = &self.places[place].shape else { return };
        let owner = (self.type_of)(place);
        // Places that share a type may differ in the order of their fields.
        let Shape::Object(shared) = &self.model.get(owner).shape else { return };
        for (position, field) in own.fields.iter().enumerate() {
            let in_order = shared.fields.get(position).is_some_and(|other| other.wire == field.wire);
            let index = match in_order {
                true => Some(position),
                false => shared.fields.iter().position(|other| other.wire == field.wire),
            };
            let child = field.slot.ty.named().map(|TypeId(child)| child);
            let named = child.map(self.type_of);
            let mut levels = String::new();
            let ty = self.described(&field.slot, named, &mut levels);
            let mut entry = PathEntry {
                resource: self.roots.resource(self.places[place].resource),
                path: format!("{path}.{}", field.wire),
                levels,
                ty,
                named,
                owner: index.map(|index| (owner, index)),
                why: child.map(self.why_of),
                untyped: None,
            };
            entry.untyped = self.untyped.get(&(entry.resource, &*entry.with_levels())).copied();
            let below = child.map(|child| (child, entry.with_levels().into_owned()));
            entries.push(entry);
            if let Some((child, path)) = below {
                self.object(child, &path, entries);
            }
        }
    }

    /// A type for people; its levels are added to `levels`.
    fn described(&self, slot: &Slot, named: Option<TypeId>, levels: &mut String) -> String {
        let ty = match &slot.ty {
            Type::Boolean => "boolean".to_owned(),
            Type::Integer { int32: true } => "int32".to_owned(),
            Type::Integer { int32: false } => "integer".to_owned(),
            Type::Number { float32: true } => "float".to_owned(),
            Type::Number { float32: false } => "number".to_owned(),
            Type::String { format: None } => "string".to_owned(),
            Type::String { format: Some(format) } => format!("string ({})", format.escape_debug()),
            Type::IntOrString => "integer or string".to_owned(),
            Type::AnyObject => "any object".to_owned(),
            Type::Any => "any value".to_owned(),
            Type::Named(_) => named.map_or_else(String::new, |id| self.model.get(id).name.clone()),
            Type::List { items, .. } => {
                levels.push_str("[]");
                format!("list of {}", self.described(items, named, levels))
            }
            Type::Map(values) => {
                levels.push_str("{}");
                format!("map of {}", self.described(values, named, levels))
            }
        };
        if slot.nullable { ty + " or null" } else { ty }
    }
}
