//! Impl of the runtime's `View` for the root type of a view.

use crdgen_model::{Model, TypeDef, View};
use proc_macro2::TokenStream;
use quote::quote;

use super::scope::Scope;
use super::type_ident;

/// Returns the impl.
pub fn implementation(model: &Model, def: &TypeDef, view: &View, scope: &Scope) -> TokenStream {
    let (name, of) = (type_ident(def), type_ident(model.get(model.resource(view.of).root)));
    let View { fields, plural, .. } = view;
    let trait_name = scope.name("::crdgen_runtime::View");
    quote! {
        impl #trait_name for #name {
            type Of = #of;
            const FIELDS: &'static [&'static str] = &[#(#fields),*];
            const PLURAL: &'static str = #plural;
        }
    }
}
