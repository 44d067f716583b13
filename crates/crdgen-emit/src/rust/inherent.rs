//! The `impl` block of a struct: constants, then `new`.

use proc_macro2::TokenStream;
use quote::quote;

use super::parts::Struct;
use super::scope::Scope;
use super::{Options, defaults, new, rules, type_ident};

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
