//! Check whether k8s-openapi's type keeps every object that a place may hold.
//!
//! The types of k8s-openapi drop properties that they do not know and null, write every property that is not an
//! `Option`, hold an int-or-string in 32 bits, turn a number in a quantity into a string, and write times in one
//! format. A place is lossless if none of that can change an object that its schema accepts. The order of a map's keys
//! does not count, and numbers are compared as a server writes them (`1.0` is stored as `1`).

use crate::ids::{PlaceId, Table};
use crate::model::{Bounds, Field, Object, Shape, Slot, Type};
use crate::places::Place;

use super::definition::{Definition, DefinitionId, Form};
use super::reference::Reference;

/// Oldest version of Kubernetes (1.33) for which the current k8s-openapi has types. Users choose the version, so a
/// property that any of them lacks would be lost for some users.
const OLDEST: u8 = 33;

/// Returns for each place whether it holds a known type and every object that its schema accepts comes back unchanged
/// from k8s-openapi's type.
pub fn lossless(
    places: &Table<PlaceId, Place>,
    known: &Table<PlaceId, Option<DefinitionId>>,
    reference: &Reference,
) -> Table<PlaceId, bool> {
    let mut judge = Judge { places, known, lossless: Table::default() };
    // Children first.
    for (place, known) in places.iter().zip(known) {
        let lossless = match (&place.shape, known) {
            (Shape::Object(object), Some(definition)) => judge.object(object, reference.get(*definition)),
            _ => false,
        };
        judge.lossless.push(lossless);
    }
    judge.lossless
}

struct Judge<'a> {
    places: &'a Table<PlaceId, Place>,
    known: &'a Table<PlaceId, Option<DefinitionId>>,
    /// Results for the places judged so far.
    lossless: Table<PlaceId, bool>,
}

impl Judge<'_> {
    fn object(&self, object: &Object<PlaceId>, definition: &Definition) -> bool {
        let always_there = |wire: &str| object.fields.iter().any(|field| field.wire == wire && is_always_there(field));
        let required = definition.properties.iter().filter(|(_, spans)| spans.iter().any(|span| span.required));
        !object.unknown_fields
            && required.map(|(wire, _)| wire).all(|wire| always_there(wire))
            && object
                .fields
                .iter()
                .all(|field| lasting(definition, &field.wire).is_some_and(|form| self.slot(&field.slot, form)))
    }

    fn slot(&self, slot: &Slot<PlaceId>, form: &Form) -> bool {
        !slot.nullable && self.ty(&slot.ty, &slot.bounds, form)
    }

    fn ty(&self, ty: &Type<PlaceId>, bounds: &Bounds, form: &Form) -> bool {
        match (ty, form) {
            (Type::Boolean, Form::Boolean) => true,
            (Type::Integer { .. }, Form::Int64) | (Type::Integer { int32: true }, Form::Int32) => true,
            (Type::Integer { int32: false } | Type::IntOrString, Form::Int32 | Form::IntOrString) => fits_int32(bounds),
            (Type::Number { float32: false }, Form::Double) => true,
            (Type::String { .. }, Form::String | Form::Quantity) => true,
            (Type::Named(id), Form::String) => matches!(self.places[*id].shape, Shape::Enum(_)),
            (Type::Named(id), Form::Definition(known)) => self.known[*id] == Some(*known) && self.lossless[*id],
            (Type::List { items, .. }, Form::List(form)) => self.slot(items, form),
            (Type::Map(values), Form::Map(form)) => self.slot(values, form),
            (Type::Any | Type::AnyObject, Form::Any) => true,
            _ => false,
        }
    }
}

/// Returns whether every object that the schema accepts has the field. A field with a default may be absent in
/// requests.
fn is_always_there(field: &Field<PlaceId>) -> bool {
    field.required && field.default.is_none()
}

/// Returns the form of a property that has the same form in every version from the oldest on.
fn lasting<'a>(definition: &'a Definition, wire: &str) -> Option<&'a Form> {
    let spans = definition.properties.get(wire)?;
    spans.iter().find(|span| span.since <= OLDEST && span.until == u8::MAX).map(|span| &span.form)
}

fn fits_int32(bounds: &Bounds) -> bool {
    bounds.minimum.is_some_and(|least| least >= f64::from(i32::MIN))
        && bounds.maximum.is_some_and(|most| most <= f64::from(i32::MAX))
}
