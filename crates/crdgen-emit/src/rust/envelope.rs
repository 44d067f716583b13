//! The envelope of a kind's type or of a view: the fields `apiVersion`, `kind` and `metadata`.

use crdgen_model::{Model, TypeDef, ViewMetadata};
use proc_macro2::TokenStream;
use quote::quote;

use super::scope::Scope;
use super::{Client, Options, type_ident};

/// A field of the envelope.
pub struct Part {
    /// Identifier of the field.
    pub name: &'static str,
    /// Wire name of the field.
    pub wire: &'static str,
    docs: &'static str,
    ty: TokenStream,
}

impl Part {
    /// Returns the declaration of the field.
    pub fn declaration(&self, attributes: &TokenStream) -> TokenStream {
        let (name, ty) = (super::ident(self.name), &self.ty);
        let docs = super::docs::line(self.docs);
        quote!(#docs #attributes pub #name: #ty,)
    }
}

/// Returns the type of `metadata`.
pub fn metadata_type(options: &Options, scope: &Scope) -> TokenStream {
    scope.name(match options.client {
        Client::Kube => "::k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta",
        Client::None => "::crdgen_runtime::ObjectMeta",
    })
}

/// Returns the envelope of a type. It is empty unless the type is a whole object.
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
            docs: "API group and version of this type. Deserialising another value is an error.",
            ty: quote!(#version<#object>),
        },
        Part {
            name: "kind",
            wire: "kind",
            docs: "Kind of this type. Deserialising another value is an error.",
            ty: quote!(#kind<#object>),
        },
    ];
    parts.extend(metadata.map(|ty| Part { name: "metadata", wire: "metadata", docs: "Standard object metadata.", ty }));
    parts
}

/// Returns the view whose root is this type.
pub fn view_of<'a>(model: &'a Model, def: &TypeDef) -> Option<&'a crdgen_model::View> {
    def.view_of?;
    model.views.iter().find(|view| view.name == def.name)
}
