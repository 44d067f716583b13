//! Declaration of a struct with its impls: docs, derives, attributes and fields.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::field::{Presence, RustField};
use super::overrides::Added;
use super::parts::{Choice, Struct};
use super::scope::Scope;
use super::{Options, Serde, builder, docs, inherent, serde, type_ident};

/// Writes a struct.
pub fn print(of: &Struct<'_>, serde: Serde, scope: &Scope, options: &Options) -> Result<TokenStream, String> {
    let ident = type_ident(of.def);
    let inherent = inherent::block(of, scope, options);
    let serde::Code { derives, on_struct, on_envelope, on_fields, on_choices, on_unknown, impls } =
        serde::code(of, serde, scope);
    let builder::Code { derive: built, on_struct: builder_type, on_defaulted, on_fields: setters } =
        builder::code(of, options.builders, scope);
    let documentation = docs::of_type(of.def, of.declared);
    let derived = derived(of);
    let Added { derives: more, attributes } = options.overrides.added(of.id, &derived)?;
    let derives = derive(&derived, &quote!(#derives #built #more));
    let envelope =
        of.envelope.iter().zip(&on_envelope).map(|(part, serde)| part.declaration(&quote!(#serde #on_defaulted)));
    let unknown_field = of.unknown.map(|name| unknown_field(name, scope, &quote!(#on_unknown #on_defaulted)));
    let lines = of.fields.iter().zip(on_fields.iter().zip(&setters)).map(
        |(RustField { name, ty, docs, attributes, .. }, (serde, setter))| {
            quote!(#docs #serde #setter #attributes pub #name: #ty,)
        },
    );
    let choices = of.choices.iter().map(|Choice { name, ty, docs, .. }| quote!(#docs #on_choices pub #name: #ty,));
    Ok(quote! {
        #documentation
        #derives
        #builder_type
        #on_struct
        #attributes
        pub struct #ident {
            #(#envelope)*
            #(#lines)*
            #(#choices)*
            #unknown_field
        }
        #inherent
        #impls
    })
}

fn unknown_field(name: &Ident, scope: &Scope, attributes: &TokenStream) -> TokenStream {
    let (map, json) = (scope.name("::crdgen_runtime::Map"), scope.name("::crdgen_runtime::Json"));
    quote! {
        /// Fields that the schema does not declare and the API server keeps.
        #attributes
        pub #name: #map<#json>,
    }
}

/// Returns the traits that a struct derives or otherwise implements.
fn derived(of: &Struct<'_>) -> Vec<&'static str> {
    // A whole object always has a name, unless it is an apply configuration.
    let partial = of.def.root_of.is_none() || of.def.apply_of.is_some();
    let all_optional =
        partial && of.choices.is_empty() && of.fields.iter().all(|field| field.presence != Presence::Required);
    let names = ["Clone", "Debug", "PartialEq", "Serialize", "Deserialize"].into_iter();
    names.chain(all_optional.then_some("Default")).collect()
}

/// Returns the derive attribute. `more` contains the derives of serde's traits.
fn derive(derived: &[&str], more: &TokenStream) -> TokenStream {
    let default = derived.contains(&"Default").then(|| quote!(Default,));
    quote!(#[derive(Clone, Debug, #default PartialEq #more)])
}
