//! The `impl` block of a struct: constants first, then `new`.

use crdgen_model::{Model, Object, TypeDef, TypeId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::envelope::Part;
use super::one_of::Choice;
use super::scope::Scope;
use super::structs::Finished;
use super::{Options, defaults, new, rules, type_ident};

/// A struct as far as it is printed.
pub struct Struct<'a> {
    /// The model it is of.
    pub model: &'a Model,
    /// Its id.
    pub id: TypeId,
    /// Its definition.
    pub def: &'a TypeDef,
    /// Its form, as declared.
    pub declared: &'a Object,
    /// Its form without the fields that `choices` stand for.
    pub object: &'a Object,
    /// What stands before its fields.
    pub envelope: &'a [Part],
    /// Its fields, in the order of the object's.
    pub fields: &'a [Finished<'a>],
    /// The fields that are unions.
    pub choices: &'a [Choice<'a>],
    /// The field for what the schema does not declare.
    pub unknown: Option<&'a Ident>,
}

/// The block; nothing when nothing is in it.
pub fn block(of: &Struct<'_>, scope: &Scope, options: &Options) -> Option<TokenStream> {
    // What is to be applied obeys and is filled in as part of the whole.
    let whole = of.def.apply_of.is_none();
    let constants = if whole { defaults::constants(of, options) } else { Vec::new() };
    let rules = if whole { rules::constant(of.declared, scope) } else { None };
    let new = new::constructor(of, scope, options);
    let ident = type_ident(of.def);
    let empty = constants.is_empty() && rules.is_none() && new.is_none();
    (!empty).then(|| quote!(impl #ident { #(#constants)* #rules #new }))
}
