//! A field of a struct, and whether it may be absent or null.

use crdgen_model::Field;
use proc_macro2::{Ident, TokenStream};

/// A field ready for printing.
#[derive(Clone)]
pub struct RustField<'a> {
    /// Identifier of the field.
    pub name: Ident,
    /// Wire name of the field.
    pub wire: &'a str,
    /// Type of the field, with the `Option` for a field that may be absent.
    pub ty: TokenStream,
    /// Type of the field's value, without that `Option`.
    pub value: TokenStream,
    /// Docs of the field.
    pub docs: TokenStream,
    /// Attributes from the project.
    pub attributes: TokenStream,
    /// Whether the field may be absent or null.
    pub presence: Presence,
    /// Whether null is a value of its own.
    pub nullable: bool,
    /// Whether the field contains only integers, at any depth.
    pub integers: bool,
}

/// Whether a field may be absent or null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The field is always present, but may be null.
    Required,
    /// The field may be absent.
    Optional,
    /// The field may be absent, and null is a third state.
    OptionalNullable,
}

/// Returns the presence of a field.
pub fn presence(field: &Field) -> Presence {
    match (is_required(field), field.slot.nullable) {
        (true, _) => Presence::Required,
        (false, false) => Presence::Optional,
        (false, true) => Presence::OptionalNullable,
    }
}

/// Returns whether a field is required in Rust. A required field with a default is not: users may leave it
/// out, and the API server fills it in before it validates.
pub fn is_required(field: &Field) -> bool {
    field.required && field.default.is_none()
}
