//! The `syn` pass: from typify's struct to the one that round-trips every object the API server stores.

use std::collections::HashMap;

use crdgen_model::{Field, Model, Object, TypeDef};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{ItemStruct, Type};

use super::inherent::{self, Struct};
use super::scope::Scope;
use super::{Client, Options, docs, engine, idents, type_ident};

/// A field as it is printed.
pub struct Finished {
    /// Its identifier.
    pub name: Ident,
    /// Its type.
    pub ty: TokenStream,
    attributes: TokenStream,
    /// How it may be missing.
    pub presence: Presence,
}

/// How a field may be missing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Always there, perhaps null.
    Required,
    /// May be absent.
    Optional,
    /// May be absent, and null is yet another value.
    OptionalNullable,
}

/// Finishes the struct of `def`: source order, wire names, optional fields, unknown fields, derives and docs.
pub fn finish(
    model: &Model,
    def: &TypeDef,
    object: &Object,
    found: ItemStruct,
    scope: &Scope,
    options: &Options,
) -> Result<TokenStream, String> {
    let mut types: HashMap<String, Type> =
        found.fields.into_iter().filter_map(|field| Some((field.ident?.to_string(), field.ty))).collect();
    let names = idents::of_fields(def, object);
    let renames_all = names
        .iter()
        .zip(&object.fields)
        .any(|(name, field)| *name != field.wire && idents::serde_camel(name) == field.wire);
    let mut fields = Vec::with_capacity(names.len());
    for (index, (name, field)) in names.iter().zip(&object.fields).enumerate() {
        let ty = types.remove(&engine::field(index)).ok_or_else(|| format!("typify made no field {name}"))?;
        fields.push(finished(name, field, &scope.shorten(ty), scope, renames_all));
    }
    let unknown = object.unknown_fields.then(|| unknown_name(&names));
    let ident = type_ident(def);
    let documentation = docs::of_type(def, object);
    let derives = derives(def, &fields);
    let rename_all = renames_all.then(|| quote!(#[serde(rename_all = "camelCase")]));
    let root_fields = def.root_of.is_some().then(|| root_fields(&ident, scope, options));
    let unknown_field = unknown.as_ref().map(|name| unknown_field(name, scope));
    let parts = Struct { model, def, object, fields: &fields, unknown: unknown.as_ref() };
    let inherent = inherent::block(&parts, scope, options);
    let lines = fields.iter().map(|Finished { name, ty, attributes, .. }| quote!(#attributes pub #name: #ty,));
    Ok(quote! {
        #documentation
        #derives
        #rename_all
        pub struct #ident {
            #root_fields
            #(#lines)*
            #unknown_field
        }
        #inherent
    })
}

fn root_fields(ident: &Ident, scope: &Scope, options: &Options) -> TokenStream {
    let (version, kind) = (scope.name("::crdgen_runtime::ApiVersion"), scope.name("::crdgen_runtime::KindOf"));
    let meta = metadata_type(options, scope);
    quote! {
        /// Always the API group and version of this type; another one is refused when read.
        #[serde(rename = "apiVersion", default)]
        pub api_version: #version<#ident>,
        /// Always the kind of this type; another one is refused when read.
        #[serde(rename = "kind", default)]
        pub kind: #kind<#ident>,
        /// Standard object metadata.
        #[serde(rename = "metadata", default)]
        pub metadata: #meta,
    }
}

/// The type of `metadata`.
pub fn metadata_type(options: &Options, scope: &Scope) -> TokenStream {
    scope.name(match options.client {
        Client::Kube => "::k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta",
        Client::None => "::crdgen_runtime::ObjectMeta",
    })
}

fn presence(field: &Field) -> Presence {
    match (is_required(field), field.slot.nullable) {
        (true, _) => Presence::Required,
        (false, false) => Presence::Optional,
        (false, true) => Presence::OptionalNullable,
    }
}

/// A required field with a default may be absent in what users write: the API server fills it in before it checks.
fn is_required(field: &Field) -> bool {
    field.required && field.default.is_none()
}

fn finished(name: &str, field: &Field, ty: &Type, scope: &Scope, renames_all: bool) -> Finished {
    let option = scope.name("::std::option::Option");
    let wire = &field.wire;
    let ruled = if renames_all { idents::serde_camel(name) } else { name.to_owned() };
    let is_none = format!("{option}::is_none").replace(' ', "");
    let presence = presence(field);
    // An attribute of its own, so that the lines stay short.
    let rename = (ruled != *wire).then(|| quote!(#[serde(rename = #wire)]));
    let mut serde = Vec::new();
    if presence != Presence::Required {
        serde.push(quote!(default));
    }
    if presence == Presence::OptionalNullable {
        serde.push(quote!(deserialize_with = "::crdgen_runtime::present"));
    }
    if presence != Presence::Required {
        serde.push(quote!(skip_serializing_if = #is_none));
    }
    let serde = (!serde.is_empty()).then(|| quote!(#[serde(#(#serde),*)]));
    let documentation = docs::of_field(field);
    Finished {
        name: super::ident(name),
        ty: match presence {
            Presence::Required => quote!(#ty),
            Presence::Optional | Presence::OptionalNullable => quote!(#option<#ty>),
        },
        attributes: quote!(#documentation #rename #serde),
        presence,
    }
}

fn unknown_name(names: &[String]) -> Ident {
    let mut name = "unknown_fields".to_owned();
    while names.contains(&name) {
        name.push('_');
    }
    super::ident(&name)
}

fn unknown_field(name: &Ident, scope: &Scope) -> TokenStream {
    let (map, json) = (scope.name("::crdgen_runtime::Map"), scope.name("::crdgen_runtime::Json"));
    quote! {
        /// Fields that the schema does not declare and the API server keeps.
        #[serde(flatten)]
        pub #name: #map<#json>,
    }
}

fn derives(def: &TypeDef, fields: &[Finished]) -> TokenStream {
    let all_optional = def.root_of.is_none() && fields.iter().all(|field| field.presence != Presence::Required);
    let default = all_optional.then(|| quote!(Default,));
    quote!(#[derive(Clone, Debug, #default PartialEq, ::serde::Serialize, ::serde::Deserialize)])
}
