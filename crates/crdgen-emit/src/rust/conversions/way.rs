//! How a value of one type becomes one of another.

use std::collections::{BTreeMap, BTreeSet};

use crdgen_model::{Field, Model, Object, Shape, Slot, Type, TypeId};

use super::Pair;
use crate::rust::{Options, unions};

/// How a value becomes one of another type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// It is one already.
    Same,
    /// `From`.
    Into,
    /// `TryFrom`, which names what has no place.
    TryInto,
    /// An enum as the text it is.
    Text,
    /// Item by item, value by value.
    Each(Container, Box<Element>),
    /// By its JSON, when that is a value of both types.
    Json,
}

/// What holds values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// A list.
    List,
    /// A map.
    Map,
}

/// How what lies in a list or map is converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// How a value is.
    pub way: Way,
    /// Whether null may stand for one: before, and after.
    pub nullable: [bool; 2],
}

impl Way {
    /// Whether a value may have no place.
    pub fn may_fail(&self) -> bool {
        match self {
            Self::Same | Self::Into | Self::Text => false,
            Self::TryInto | Self::Json => true,
            Self::Each(_, element) => element.may_fail(),
        }
    }

    /// Whether there is an `impl` at the bottom of it.
    fn is_conversion(&self) -> bool {
        match self {
            Self::Into | Self::TryInto => true,
            Self::Same | Self::Text | Self::Json => false,
            Self::Each(_, element) => element.way.is_conversion(),
        }
    }
}

impl Element {
    /// Whether an element may have no place.
    pub fn may_fail(&self) -> bool {
        self.way.may_fail() || self.nullable == [true, false]
    }
}

/// The ways between the types of a model.
pub struct Ways<'a> {
    /// The model.
    pub model: &'a Model,
    /// What is printed of it.
    pub options: &'a Options,
    may_fail: BTreeMap<Pair, bool>,
}

/// A field with the object it is of.
#[derive(Clone, Copy)]
pub struct Of<'a> {
    /// The object's type.
    pub owner: TypeId,
    /// The field's index in it.
    pub index: usize,
    /// The field.
    pub field: &'a Field,
}

/// The fields of an object.
pub fn fields(owner: TypeId, object: &Object) -> impl Iterator<Item = Of<'_>> {
    object.fields.iter().enumerate().map(move |(index, field)| Of { owner, index, field })
}

impl<'a> Ways<'a> {
    /// No way is known yet.
    pub fn new(model: &'a Model, options: &'a Options) -> Self {
        Self { model, options, may_fail: BTreeMap::new() }
    }

    /// The way of a field. A type of the project's own is converted by its JSON.
    pub fn of_fields(&mut self, from: Of<'_>, to: Of<'_>) -> Way {
        let overrides = &self.options.overrides;
        let external = |of: Of<'_>| {
            let change = overrides.of_field(of.owner, of.index)?;
            change.external.as_ref().map(|ty| (ty, change.levels.as_str()))
        };
        match (external(from), external(to)) {
            (None, None) => self.of_types(&from.field.slot.ty, &to.field.slot.ty),
            (from, to @ Some((_, ""))) if from == to => Way::Same,
            _ => Way::Json,
        }
    }

    /// The way between two types.
    fn of_types(&mut self, from: &Type, to: &Type) -> Way {
        match (from, to) {
            (Type::Named(from), Type::Named(to)) => self.of_named((*from, *to)),
            (Type::List { items: from, .. }, Type::List { items: to, .. }) => self.each(Container::List, from, to),
            (Type::Map(from), Type::Map(to)) => self.each(Container::Map, from, to),
            (Type::String { .. }, Type::String { .. }) => Way::Same,
            (Type::Named(id), Type::String { .. }) if self.is_enum(*id) => Way::Text,
            (Type::String { .. }, Type::Named(id)) if self.is_enum(*id) => Way::Into,
            (Type::Integer { int32: true }, Type::Integer { int32: false } | Type::IntOrString)
            | (Type::Integer { int32: false }, Type::IntOrString)
            | (Type::String { .. }, Type::IntOrString)
            | (Type::Number { float32: true }, Type::Number { float32: false }) => Way::Into,
            (from, to) if from == to => Way::Same,
            _ => Way::Json,
        }
    }

    fn each(&mut self, container: Container, from: &Slot, to: &Slot) -> Way {
        let way = self.of_types(&from.ty, &to.ty);
        match (way, [from.nullable, to.nullable]) {
            (Way::Same, [before, after]) if before == after => Way::Same,
            (way, nullable) => Way::Each(container, Box::new(Element { way, nullable })),
        }
    }

    fn of_named(&mut self, pair: Pair) -> Way {
        match pair {
            (from, to) if from == to => Way::Same,
            _ if !self.is_written(pair.0) || !self.is_written(pair.1) => Way::Json,
            _ => match (&self.model.get(pair.0).shape, &self.model.get(pair.1).shape) {
                (Shape::Enum(_), Shape::Enum(_)) => Way::Into,
                (Shape::Object(_), Shape::Object(_)) if self.may_fail(pair) => Way::TryInto,
                (Shape::Object(_), Shape::Object(_)) => Way::Into,
                _ => Way::Json,
            },
        }
    }

    /// Whether a conversion between two structs is `TryFrom`.
    pub fn may_fail(&mut self, pair: Pair) -> bool {
        if let Some(known) = self.may_fail.get(&pair) {
            return *known;
        }
        let model = self.model;
        let may_fail = match (&model.get(pair.0).shape, &model.get(pair.1).shape) {
            (Shape::Object(from), Shape::Object(to)) => super::pair::may_fail(pair, from, to, self),
            _ => false,
        };
        self.may_fail.insert(pair, may_fail);
        may_fail
    }

    /// Every conversion that one needs, itself too.
    pub fn reach(&mut self, pair: Pair, found: &mut BTreeSet<Pair>) {
        let conversion = matches!(self.of_named(pair), Way::Into | Way::TryInto);
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

    /// A type of the project's own or a typed union is converted by its JSON.
    fn is_written(&self, id: TypeId) -> bool {
        !self.options.overrides.replaces(id) && !unions::is_typed(self.model, id, self.options)
    }
}

/// The field of the other type with the same name on the wire.
pub fn counterpart<'a>(of: Of<'_>, owner: TypeId, other: &'a Object) -> Option<Of<'a>> {
    fields(owner, other).find(|other| other.field.wire == of.field.wire)
}
