//! `new`: a constructor with a parameter for every required field.

use proc_macro2::TokenStream;
use quote::quote;

use super::envelope::metadata_type;
use super::field::{Presence, RustField};
use super::parts::{Choice, Struct};
use super::scope::Scope;
use super::{Options, docs, ident};

/// Maximum number of parameters of `new`. With more, a call is hard to read, and clippy warns
/// (`too_many_arguments`). A struct literal names the fields.
const PARAMETERS: usize = 7;

/// Returns the function, or `None` if `Default` does the same or if there would be too many parameters.
pub fn constructor(of: &Struct<'_>, scope: &Scope, options: &Options) -> Option<TokenStream> {
    let required = || of.fields.iter().filter(|field| field.presence == Presence::Required);
    let root = of.def.root_of.is_some();
    let parameters = required().count() + of.choices.len() + usize::from(root);
    // A view is read and never written.
    if parameters == 0 || parameters > PARAMETERS || of.def.view_of.is_some() {
        return None;
    }
    let (none, default) = (scope.name("::std::option::Option::None"), scope.name("::std::default::Default"));
    let unknown = of.unknown.map(|name| quote!(#name: #default::default(),));
    let values = of.fields.iter().map(|field| {
        let name = &field.name;
        match field.presence {
            Presence::Required if takes_into(&field.ty, scope) => quote!(#name: #name.into(),),
            Presence::Required => quote!(#name,),
            Presence::Optional | Presence::OptionalNullable => quote!(#name: #none,),
        }
    });
    let choices = of.choices.iter().map(|choice| &choice.name);
    let chosen = of.choices.iter().map(|Choice { name, ty, .. }| quote!(#name: #ty));
    let own = required().map(|field| parameter(field, scope)).chain(chosen);
    let envelope = root.then(|| Envelope::new(of, scope, options));
    let (first, envelope) = envelope.map(|Envelope { parameter, values }| (parameter, values)).unzip();
    let docs = docs::line(if root { "Returns an object with this name. Optional fields are absent." } else { FIELDS });
    Some(quote! {
        #docs
        pub fn new(#first #(#own),*) -> Self {
            Self {
                #envelope
                #(#values)*
                #(#choices,)*
                #unknown
            }
        }
    })
}

const FIELDS: &str = "Returns a value with the required fields. Optional fields are absent.";

/// The envelope of a root in `new`.
struct Envelope {
    parameter: TokenStream,
    values: TokenStream,
}

impl Envelope {
    fn new(of: &Struct<'_>, scope: &Scope, options: &Options) -> Self {
        let (some, default) = (scope.name("::std::option::Option::Some"), scope.name("::std::default::Default"));
        let (into, string) = (scope.name("::std::convert::Into"), scope.name("::std::string::String"));
        let meta = metadata_type(options, scope);
        let name = ident(if of.fields.iter().any(|field| field.name == "name") { "object_name" } else { "name" });
        Self {
            parameter: quote!(#name: impl #into<#string>,),
            values: quote! {
                api_version: #default::default(),
                kind: #default::default(),
                metadata: #meta {
                    name: #some(#name.into()),
                    ..#default::default()
                },
            },
        }
    }
}

fn parameter(field: &RustField, scope: &Scope) -> TokenStream {
    let RustField { name, ty, .. } = field;
    if !takes_into(ty, scope) {
        return quote!(#name: #ty);
    }
    let into = scope.name("::std::convert::Into");
    quote!(#name: impl #into<#ty>)
}

/// Returns whether a parameter of type `ty` is `impl Into`. Callers mostly have strings as `&str`, ports as
/// integers and numbers as floats.
pub fn takes_into(ty: &TokenStream, scope: &Scope) -> bool {
    let from_other_types = ["::std::string::String", "::crdgen_runtime::IntOrString", "::crdgen_runtime::Number"];
    scope.is_any(ty, &from_other_types)
}
