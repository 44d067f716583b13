//! Values as an API server judges them: after null is dropped and defaults are filled in.

use crdgen_model::{Field, Null, Shape, Slot, Type};

use crate::api::{Api, Form, filled};

/// A form of the types.
#[derive(Clone, Copy)]
pub struct Types<'a> {
    /// API of the model, with all types.
    pub api: &'a Api<'a>,
    /// Form that the file describes.
    pub form: Form,
}

/// The value that a junctor or a union of keys looks at.
pub enum Judged<'a> {
    /// An object with declared fields.
    Object(Types<'a>, Vec<&'a Field>),
    /// A map to such values.
    Map(Types<'a>, &'a Slot),
    /// A list of such items.
    List(Types<'a>, &'a Slot),
    /// Anything whose keys have no schema: null in it stays.
    Other,
}

impl<'a> Types<'a> {
    /// The value in a slot.
    pub fn judged(self, slot: &'a Slot) -> Judged<'a> {
        match &slot.ty {
            Type::Named(id) if matches!(self.api.get(*id).shape, Shape::Object(_)) => {
                Judged::Object(self, self.api.fields(self.api.get(*id), self.form))
            }
            Type::Map(values) => Judged::Map(self, values),
            Type::List { items, .. } => Judged::List(self, items),
            _ => Judged::Other,
        }
    }
}

impl<'a> Judged<'a> {
    /// The value under a key.
    pub fn below(&self, key: &str) -> Self {
        match self {
            Self::Object(types, _) => self.field(key).map_or(Self::Other, |field| types.judged(&field.slot)),
            Self::Map(types, values) => types.judged(values),
            Self::List(..) | Self::Other => Self::Other,
        }
    }

    /// Returns the view of an item of a list.
    pub fn item(&self) -> Self {
        if let Self::List(types, items) = self { types.judged(items) } else { Self::Other }
    }

    /// Whether null may be written under a key and is dropped: then the key is not there.
    pub fn drops(&self, key: &str) -> bool {
        let is_dropped = |slot: &Slot| !slot.nullable && slot.null == Null::Dropped;
        match self {
            Self::Object(Types { api, form }, _) => {
                self.field(key).is_some_and(|field| is_dropped(&field.slot) && api.nulls.allow_in(field, *form))
            }
            Self::Map(Types { api, form }, values) => is_dropped(values) && api.nulls.allow(values, false, *form),
            Self::List(..) | Self::Other => false,
        }
    }

    /// The keys of declared fields under which null is dropped.
    pub fn droppable(&self) -> Vec<&'a str> {
        let Self::Object(_, fields) = self else { return Vec::new() };
        fields.iter().map(|field| field.wire.as_str()).filter(|key| self.drops(key)).collect()
    }

    /// Whether users may leave a key out, as the server fills in a default.
    pub fn fills(&self, key: &str) -> bool {
        matches!(self, Self::Object(Types { form: Form::Write, .. }, _))
            && self.field(key).is_some_and(|field| filled(field).is_some())
    }

    fn field(&self, key: &str) -> Option<&'a Field> {
        let Self::Object(_, fields) = self else { return None };
        fields.iter().find(|field| field.wire == key).copied()
    }
}
