//! The `impl` block of a struct: constants, then `new`.

use crdgen_model::{Model, Object, TypeDef, TypeId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::envelope::Part;
use super::one_of::Choice;
use super::scope::Scope;
use super::structs::RustField;
use super::{Options, defaults, new, rules, type_ident};

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

/// Returns the block, or `None` if it would be empty.
pub fn block(of: &Struct<'_>, scope: &Scope, options: &Options) -> Option<TokenStream> {
    // Rules and defaults apply to the whole object, not to a partial object that is applied.
    let whole = of.def.apply_of.is_none();
    let constants = if whole { defaults::constants(of, options) } else { Vec::new() };
    let rules = if whole { rules::constant(of.declared, scope) } else { None };
    let new = new::constructor(of, scope, options);
    let ident = type_ident(of.def);
    let empty = constants.is_empty() && rules.is_none() && new.is_none();
    (!empty).then(|| quote!(impl #ident { #(#constants)* #rules #new }))
}
