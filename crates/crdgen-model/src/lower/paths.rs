//! Paths of all resources, with the type at each path.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::ids::{PlaceId, RootId, Table};
use crate::levels::{Level, Levels};
use crate::model::{Model, ResourceId, Shape, Slot, Type, TypeId};
use crate::naming::NameReason;
use crate::naming::roots::Roots;
use crate::places::Place;

/// A path of a resource: its root or a property below the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathEntry {
    /// Resource that has the path. For a path of a view, the resource that the view reads.
    pub resource: ResourceId,
    /// Path in the syntax of [`TypeDef::path`](crate::TypeDef::path), without the levels of the property itself:
    /// `PipelineRun.spec.tasks`.
    pub path: String,
    /// Lists and maps around the value of the property.
    pub levels: Levels,
    /// Readable type of the property, for example `list of PipelineRunTask`.
    pub ty: String,
    /// Named type at the bottom of the property's lists and maps.
    pub named: Option<TypeId>,
    /// Object that has the property, and the property's index in [`Object::fields`](crate::Object::fields). `None` for
    /// a root and for the `metadata` of a view.
    pub owner: Option<(TypeId, usize)>,
    /// Reason for the name of the named type.
    pub reason: Option<NameReason>,
    /// Reason why the property could not be typed further; `None` if it is typed.
    pub untyped: Option<&'static str>,
}

impl PathEntry {
    /// Returns the path with its levels: `PipelineRun.spec.tasks[]`.
    pub fn with_levels(&self) -> Cow<'_, str> {
        match self.levels.is_empty() {
            true => Cow::Borrowed(&self.path),
            false => Cow::Owned(format!("{}{}", self.path, self.levels)),
        }
    }
}

/// Returns whether a place is the metadata of a root. Only views have such places.
pub(crate) fn is_metadata(place: &Place) -> bool {
    matches!(place.steps.as_slice(), [only] if only.property == "metadata")
}

/// Data for a walk over all paths.
pub(crate) struct Walk<'a> {
    /// Finished types.
    pub model: &'a Model,
    /// Resources and views.
    pub roots: &'a Roots,
    /// Places of the resources and views.
    pub places: &'a Table<PlaceId, Place>,
    /// Type of each place.
    pub type_of: &'a dyn Fn(PlaceId) -> TypeId,
    /// Reason for the name of each place's type.
    pub reason_of: &'a dyn Fn(PlaceId) -> NameReason,
    /// Reason why a path could not be typed, by root and path with levels.
    pub untyped: &'a HashMap<(RootId, &'a str), &'static str>,
}

impl Walk<'_> {
    /// Returns every path, by root, each root's paths in the order of its schema.
    pub fn all(&self) -> Vec<PathEntry> {
        let mut entries = Vec::new();
        for root in self.places.ids().filter(|&place| self.places[place].steps.is_empty()) {
            self.root(root, &mut entries);
        }
        entries
    }

    fn root(&self, place: PlaceId, entries: &mut Vec<PathEntry>) {
        let root = self.places[place].root;
        let path = self.roots.resources[root].kind.clone();
        entries.push(self.unowned(place, path.clone()));
        self.object(place, &path, entries);
        let is_metadata = |(_, other): &(PlaceId, &Place)| other.root == root && is_metadata(other);
        if let Some((metadata, _)) = self.places.enumerated().find(is_metadata) {
            let path = format!("{path}.metadata");
            entries.push(self.unowned(metadata, path.clone()));
            self.object(metadata, &path, entries);
        }
    }

    /// Returns the entry of a path that is not a field: a root, or the `metadata` of a view.
    fn unowned(&self, place: PlaceId, path: String) -> PathEntry {
        let id = (self.type_of)(place);
        PathEntry {
            resource: self.roots.resource(self.places[place].root),
            path,
            levels: Levels::default(),
            ty: self.model.get(id).name.clone(),
            named: Some(id),
            owner: None,
            reason: Some((self.reason_of)(place)),
            untyped: None,
        }
    }

    fn object(&self, place: PlaceId, path: &str, entries: &mut Vec<PathEntry>) {
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
            let child = field.slot.ty.named();
            let named = child.map(self.type_of);
            let mut levels = Levels::default();
            let ty = self.described(&field.slot, named, &mut levels);
            let mut entry = PathEntry {
                resource: self.roots.resource(self.places[place].root),
                path: format!("{path}.{}", field.wire),
                levels,
                ty,
                named,
                owner: index.map(|index| (owner, index)),
                reason: child.map(self.reason_of),
                untyped: None,
            };
            entry.untyped = self.untyped.get(&(self.places[place].root, &*entry.with_levels())).copied();
            let below = child.map(|child| (child, entry.with_levels().into_owned()));
            entries.push(entry);
            if let Some((child, path)) = below {
                self.object(child, &path, entries);
            }
        }
    }

    /// Returns a readable type of a slot, and adds its levels to `levels`.
    fn described(&self, slot: &Slot<PlaceId>, named: Option<TypeId>, levels: &mut Levels) -> String {
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
                levels.push(Level::List);
                format!("list of {}", self.described(items, named, levels))
            }
            Type::Map(values) => {
                levels.push(Level::Map);
                format!("map of {}", self.described(values, named, levels))
            }
        };
        if slot.nullable { ty + " or null" } else { ty }
    }
}
