//! Open string enums: a variant for each known value, and one for values of newer servers.

use crdgen_model::{TypeDef, Variant};
use proc_macro2::TokenStream;
use quote::quote;

use super::overrides::Added;
use super::scope::Scope;
use super::{docs, ident, type_ident};

/// Traits that every enum derives.
pub const DERIVED: [&str; 7] = ["Clone", "Debug", "PartialEq", "Eq", "Hash", "PartialOrd", "Ord"];

/// Returns the enum with its conversions to and from text.
pub fn enumeration(def: &TypeDef, variants: &[Variant], scope: &Scope, added: &Added) -> TokenStream {
    let (from, string) = (scope.name("::std::convert::From"), scope.name("::std::string::String"));
    let name = type_ident(def);
    let documentation = docs::of_enum(def);
    let idents: Vec<_> = variants.iter().map(|variant| ident(&variant.name)).collect();
    let wires: Vec<_> = variants.iter().map(|variant| variant.wire.as_str()).collect();
    let variant_docs = variants.iter().map(|variant| docs::line(&docs::code(&variant.wire)));
    let (derived, Added { derives, attributes }) = (DERIVED.map(ident), added);
    quote! {
        #documentation
        #[derive(#(#derived),* #derives)]
        #attributes
        pub enum #name {
            #(#variant_docs #idents,)*
            /// A value that the schema did not have when this was generated.
            Unknown(#string),
        }

        impl #name {
            /// The value on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#idents => #wires,)*
                    Self::Unknown(value) => value,
                }
            }
        }

        impl #from<&str> for #name {
            fn from(value: &str) -> Self {
                match value {
                    #(#wires => Self::#idents,)*
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }

        ::crdgen_runtime::open_enum!(#name);
    }
}
