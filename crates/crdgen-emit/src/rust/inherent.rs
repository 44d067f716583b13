//! The `impl` block of a struct: constants first, then `new`.

use crdgen_model::{Model, Object, TypeDef};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::envelope::Part;
use super::scope::Scope;
use super::structs::Finished;
use super::{Options, defaults, new, rules, type_ident};

/// A struct as far as it is printed.
pub struct Struct<'a> {
    /// The model it is of.
    pub model: &'a Model,
    /// Its definition.
    pub def: &'a TypeDef,
    /// Its form.
    pub object: &'a Object,
    /// What stands before its fields.
    pub envelope: &'a [Part],
    /// Its fields, in the order of the object's.
    pub fields: &'a [Finished<'a>],
    /// The field for what the schema does not declare.
    pub unknown: Option<&'a Ident>,
}

/// The block; nothing when nothing is in it.
pub fn block(of: &Struct<'_>, scope: &Scope, options: &Options) -> Option<TokenStream> {
    let constants = defaults::constants(of, options);
    let rules = rules::constant(of.object, scope);
    let new = new::constructor(of, scope, options);
    let ident = type_ident(of.def);
    let empty = constants.is_empty() && rules.is_none() && new.is_none();
    (!empty).then(|| quote!(impl #ident { #(#constants)* #rules #new }))
}
