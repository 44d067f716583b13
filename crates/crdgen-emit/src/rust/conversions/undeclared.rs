//! Undeclared fields of an object in a conversion.

use crdgen_model::Object;

/// Treatment of the undeclared fields of an object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Undeclared {
    /// The object has none.
    None,
    /// All undeclared fields are moved.
    Move,
    /// Undeclared fields are moved, except for those that the other type declares.
    MoveOthers,
    /// The other type keeps no undeclared fields.
    Refuse,
}

impl Undeclared {
    /// Returns the treatment in a conversion from one object to another.
    pub fn of(from: &Object, to: &Object) -> Self {
        let declares_more = || to.fields.iter().any(|field| !from.fields.iter().any(|own| own.wire == field.wire));
        match (from.unknown_fields, to.unknown_fields) {
            (false, _) => Self::None,
            (true, false) => Self::Refuse,
            (true, true) if declares_more() => Self::MoveOthers,
            (true, true) => Self::Move,
        }
    }
}
