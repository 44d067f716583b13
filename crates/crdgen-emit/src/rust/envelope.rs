//! What a kind's type, and a view of it, has before its own fields: `apiVersion`, `kind` and `metadata`.

use crdgen_model::{Model, TypeDef, ViewMetadata};
use proc_macro2::TokenStream;
use quote::quote;

use super::scope::Scope;
use super::structs::metadata_type;
use super::{Options, type_ident};

/// A field of the envelope.
pub struct Part {
    /// Its identifier.
    pub name: &'static str,
    /// Its name on the wire.
    pub wire: &'static str,
    docs: &'static str,
    ty: TokenStream,
}

impl Part {
    /// The field as it is declared.
    pub fn declaration(&self, attributes: &TokenStream) -> TokenStream {
        let (name, ty) = (super::ident(self.name), &self.ty);
        let docs = super::docs::line(self.docs);
        quote!(#docs #attributes pub #name: #ty,)
    }
}

/// The envelope of a type; empty for one that is no whole object.
pub fn of(model: &Model, def: &TypeDef, scope: &Scope, options: &Options) -> Vec<Part> {
    let whole = || metadata_type(options, scope);
    let (object, metadata) = if def.root_of.is_some() {
        let kind = def.apply_of.map_or(def, |kind| model.get(kind));
        (type_ident(kind), Some(whole()))
    } else if let Some(view) = view_of(model, def) {
        let metadata = match view.metadata {
            ViewMetadata::None => None,
            ViewMetadata::Whole => Some(whole()),
            ViewMetadata::Fields(id) => {
                let ty = type_ident(model.get(id));
                Some(quote!(#ty))
            }
        };
        (type_ident(model.get(model.resource(view.of).root)), metadata)
    } else {
        return Vec::new();
    };
    let (version, kind) = (scope.name("::crdgen_runtime::ApiVersion"), scope.name("::crdgen_runtime::KindOf"));
    let mut parts = vec![
        Part {
            name: "api_version",
            wire: "apiVersion",
            docs: "Always the API group and version of this type; another one is refused when read.",
            ty: quote!(#version<#object>),
        },
        Part {
            name: "kind",
            wire: "kind",
            docs: "Always the kind of this type; another one is refused when read.",
            ty: quote!(#kind<#object>),
        },
    ];
    parts.extend(metadata.map(|ty| Part { name: "metadata", wire: "metadata", docs: "Standard object metadata.", ty }));
    parts
}

/// The view that a type is the root of.
pub fn view_of<'a>(model: &'a Model, def: &TypeDef) -> Option<&'a crdgen_model::View> {
    def.view_of?;
    model.views.iter().find(|view| view.name == def.name)
}
