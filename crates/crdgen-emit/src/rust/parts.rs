//! Parts of a struct, which `declaration` and `one_of` print.

use crdgen_model::{Model, Object, TypeDef, TypeId};
use proc_macro2::{Ident, TokenStream};

use super::envelope::Part;
use super::field::RustField;

/// A struct during printing.
pub struct Struct<'a> {
    /// Model of the struct.
    pub model: &'a Model,
    /// Id of the type.
    pub id: TypeId,
    /// Definition of the type.
    pub def: &'a TypeDef,
    /// Shape of the type as declared.
    pub declared: &'a Object,
    /// Shape without the fields that `choices` replace.
    pub object: &'a Object,
    /// Envelope before the fields.
    pub envelope: &'a [Part],
    /// Fields, in the order of `object`.
    pub fields: &'a [RustField<'a>],
    /// Fields that are unions.
    pub choices: &'a [Choice<'a>],
    /// Field for undeclared keys, if there is one.
    pub unknown: Option<&'a Ident>,
}

/// A field that holds a union, in a struct with other fields.
pub struct Choice<'a> {
    /// Identifier of the field.
    pub name: Ident,
    /// Identifier of the enum.
    pub ty: &'a Ident,
    /// Docs of the field.
    pub docs: TokenStream,
    /// Wire names of the fields that the union replaces.
    pub wires: Vec<&'a str>,
}
