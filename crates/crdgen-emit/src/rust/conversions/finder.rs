//! Search for the conversion of each pair of types and of fields.

use std::collections::{BTreeMap, BTreeSet};

use crdgen_model::{Field, Model, Object, Shape, Slot, Type, TypeId};

use super::conversion::{Container, Conversion, Element};
use super::field;
use super::undeclared::Undeclared;
use crate::rust::field::{Presence, presence};
use crate::rust::{Options, unions};

/// A conversion from the first type to the second.
pub type Pair = (TypeId, TypeId);

/// Finder of the conversions between the types of a model.
pub struct ConversionFinder<'a> {
    /// Model with the types.
    pub model: &'a Model,
    /// Options of the Rust emitter.
    pub options: &'a Options,
    may_fail: BTreeMap<Pair, bool>,
}

/// A field with its object.
#[derive(Clone, Copy)]
pub struct FieldRef<'a> {
    /// Type of the object.
    pub owner: TypeId,
    /// Index of the field in the object.
    pub index: usize,
    /// The field itself.
    pub field: &'a Field,
}

/// Returns the fields of an object.
pub fn fields(owner: TypeId, object: &Object) -> impl Iterator<Item = FieldRef<'_>> {
    object.fields.iter().enumerate().map(move |(index, field)| FieldRef { owner, index, field })
}

impl<'a> ConversionFinder<'a> {
    /// Creates the finder for a model. Conversions are computed when needed.
    pub fn new(model: &'a Model, options: &'a Options) -> Self {
        Self { model, options, may_fail: BTreeMap::new() }
    }

    /// Returns the conversion of a field. A field whose type the project replaces is converted by JSON.
    pub fn of_fields(&mut self, from: FieldRef<'_>, to: FieldRef<'_>) -> Conversion {
        let overrides = &self.options.overrides;
        let external = |of: FieldRef<'_>| {
            let change = overrides.of_field(of.owner, of.index)?;
            change.external.as_ref().map(|ty| (ty, &*change.levels))
        };
        match (external(from), external(to)) {
            (None, None) => self.of_types(&from.field.slot.ty, &to.field.slot.ty),
            (from, to @ Some((_, []))) if from == to => Conversion::Same,
            _ => Conversion::Json,
        }
    }

    /// Returns the conversion between two types.
    fn of_types(&mut self, from: &Type, to: &Type) -> Conversion {
        match (from, to) {
            (Type::Named(from), Type::Named(to)) => self.of_named((*from, *to)),
            (Type::List { items: from, .. }, Type::List { items: to, .. }) => self.each(Container::List, from, to),
            (Type::Map(from), Type::Map(to)) => self.each(Container::Map, from, to),
            (Type::String { .. }, Type::String { .. }) => Conversion::Same,
            (Type::Named(id), Type::String { .. }) if self.is_enum(*id) => Conversion::Text,
            (Type::String { .. }, Type::Named(id)) if self.is_enum(*id) => Conversion::Into,
            (Type::Integer { int32: true }, Type::Integer { int32: false } | Type::IntOrString)
            | (Type::Integer { int32: false }, Type::IntOrString)
            | (Type::String { .. }, Type::IntOrString)
            | (Type::Number { float32: true }, Type::Number { float32: false }) => Conversion::Into,
            (from, to) if from == to => Conversion::Same,
            _ => Conversion::Json,
        }
    }

    fn each(&mut self, container: Container, from: &Slot, to: &Slot) -> Conversion {
        let conversion = self.of_types(&from.ty, &to.ty);
        match (conversion, [from.nullable, to.nullable]) {
            (Conversion::Same, [before, after]) if before == after => Conversion::Same,
            (conversion, nullable) => Conversion::Each(container, Box::new(Element { conversion, nullable })),
        }
    }

    fn of_named(&mut self, pair: Pair) -> Conversion {
        match pair {
            (from, to) if from == to => Conversion::Same,
            _ if !self.is_written(pair.0) || !self.is_written(pair.1) => Conversion::Json,
            _ => match (&self.model.get(pair.0).shape, &self.model.get(pair.1).shape) {
                (Shape::Enum(_), Shape::Enum(_)) => Conversion::Into,
                (Shape::Object(_), Shape::Object(_)) if self.may_fail(pair) => Conversion::TryInto,
                (Shape::Object(_), Shape::Object(_)) => Conversion::Into,
                _ => Conversion::Json,
            },
        }
    }

    /// Returns whether the conversion between two structs is `TryFrom`.
    pub fn may_fail(&mut self, pair: Pair) -> bool {
        if let Some(known) = self.may_fail.get(&pair) {
            return *known;
        }
        let model = self.model;
        let may_fail = match (&model.get(pair.0).shape, &model.get(pair.1).shape) {
            (Shape::Object(from), Shape::Object(to)) => self.may_lose(pair, from, to),
            _ => false,
        };
        self.may_fail.insert(pair, may_fail);
        may_fail
    }

    /// Returns whether a part of an object may have no place in the other type.
    fn may_lose(&mut self, pair: Pair, from: &Object, to: &Object) -> bool {
        let undeclared = matches!(Undeclared::of(from, to), Undeclared::MoveOthers | Undeclared::Refuse);
        undeclared
            || fields(pair.1, to).any(|of| counterpart(of, pair.0, from).is_none() && is_required(of))
            || fields(pair.0, from).any(|of| match counterpart(of, pair.1, to) {
                Some(other) => field::may_fail(&self.of_fields(of, other), of.field, other.field),
                None => true,
            })
    }

    /// Adds a conversion and every conversion that it needs to `found`.
    pub fn reach(&mut self, pair: Pair, found: &mut BTreeSet<Pair>) {
        let conversion = matches!(self.of_named(pair), Conversion::Into | Conversion::TryInto);
        if !conversion || !found.insert(pair) {
            return;
        }
        let model = self.model;
        if let (Shape::Object(from), Shape::Object(to)) = (&model.get(pair.0).shape, &model.get(pair.1).shape) {
            for of in fields(pair.0, from) {
                let Some(other) = counterpart(of, pair.1, to) else { continue };
                let pair = of.field.slot.ty.named().zip(other.field.slot.ty.named());
                if let Some(pair) = pair.filter(|_| self.of_fields(of, other).is_conversion()) {
                    self.reach(pair, found);
                }
            }
        }
    }

    fn is_enum(&self, id: TypeId) -> bool {
        self.is_written(id) && matches!(self.model.get(id).shape, Shape::Enum(_))
    }

    /// Returns whether a type is generated as a struct or an enum of strings. A type of the project or a
    /// typed union is not, and is converted by JSON.
    fn is_written(&self, id: TypeId) -> bool {
        !self.options.overrides.replaces(id) && !unions::is_typed(self.model, id, self.options)
    }
}

/// Returns the field of the other type with the same wire name.
pub fn counterpart<'a>(of: FieldRef<'_>, owner: TypeId, other: &'a Object) -> Option<FieldRef<'a>> {
    fields(owner, other).find(|other| other.field.wire == of.field.wire)
}

/// Returns whether every object must have a field.
pub fn is_required(of: FieldRef<'_>) -> bool {
    presence(of.field) == Presence::Required
}
