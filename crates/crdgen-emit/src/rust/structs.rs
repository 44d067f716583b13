//! The `syn` pass: from typify's struct to the one that round-trips every object the API server stores.

use std::collections::HashMap;

use crdgen_model::{Field, Model, Object, TypeDef, TypeId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{ItemStruct, Type};

use super::inherent::{self, Struct};
use super::overrides::{self, FieldOverride};
use super::scope::Scope;
use super::{Client, Options, docs, engine, envelope, idents, serde, type_ident};

/// A field as it is printed.
pub struct Finished<'a> {
    /// Its identifier.
    pub name: Ident,
    /// Its name on the wire.
    pub wire: &'a str,
    /// Its type, with the `Option` of a field that may be absent.
    pub ty: TokenStream,
    /// Its documentation.
    pub docs: TokenStream,
    /// Attributes that the project gives it.
    attributes: TokenStream,
    /// How it may be missing.
    pub presence: Presence,
    /// Null is a value of its own.
    pub nullable: bool,
    /// It holds integers and nothing else, at any depth.
    pub integers: bool,
}

/// How a field may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Always there, perhaps null.
    Required,
    /// May be absent.
    Optional,
    /// May be absent, and null is yet another value.
    OptionalNullable,
}

/// Finishes the struct of a type: source order, wire names, optional fields, unknown fields, derives and docs.
pub fn finish(
    model: &Model,
    id: TypeId,
    object: &Object,
    found: ItemStruct,
    serde_from: serde::Serde,
    scope: &Scope,
    options: &Options,
) -> Result<TokenStream, String> {
    let def = model.get(id);
    let mut types: HashMap<String, Type> =
        found.fields.into_iter().filter_map(|field| Some((field.ident?.to_string(), field.ty))).collect();
    let changed = |index: usize| options.overrides.of_field(id, index);
    let names = idents::of_type(def, id, object, &options.overrides);
    let mut fields = Vec::with_capacity(names.len());
    for (index, (name, field)) in names.iter().zip(&object.fields).enumerate() {
        let ty = types.remove(&engine::field(index)).ok_or_else(|| format!("typify made no field {name}"))?;
        let replaced = changed(index).map(|change| change.ty(&field.slot, scope)).transpose()?.flatten();
        let ty = match &replaced {
            Some(external) => external.clone(),
            None => {
                let mut ty = scope.shorten(ty);
                overrides::insert_external(&mut ty, &options.overrides)?;
                quote!(#ty)
            }
        };
        fields.push(Finished {
            attributes: changed(index).map(FieldOverride::attributes).transpose()?.unwrap_or_default(),
            integers: replaced.is_none() && serde::holds_integers(&field.slot),
            ..finished(name, field, &ty, scope)
        });
    }
    let unknown = object.unknown_fields.then(|| unknown_name(fields.iter().map(|field| &field.name)));
    let ident = type_ident(def);
    let envelope = envelope::of(model, def, scope, options);
    let parts = Struct { model, def, object, envelope: &envelope, fields: &fields, unknown: unknown.as_ref() };
    let inherent = inherent::block(&parts, scope, options);
    let serde::Code { derives, on_struct, on_envelope, on_fields, on_unknown, impls } =
        serde::code(&parts, serde_from, scope);
    let documentation = docs::of_type(def, object);
    let (derives, derived) = derive(def, &fields, &derives);
    let attributes = options.overrides.attributes(id, &derived)?;
    let envelope = envelope.iter().zip(&on_envelope).map(|(part, serde)| part.declaration(serde));
    let unknown_field = unknown.as_ref().map(|name| unknown_field(name, scope, &on_unknown));
    let lines = fields
        .iter()
        .zip(&on_fields)
        .map(|(Finished { name, ty, docs, attributes, .. }, serde)| quote!(#docs #serde #attributes pub #name: #ty,));
    Ok(quote! {
        #documentation
        #derives
        #on_struct
        #attributes
        pub struct #ident {
            #(#envelope)*
            #(#lines)*
            #unknown_field
        }
        #inherent
        #impls
    })
}

/// The type of `metadata`.
pub fn metadata_type(options: &Options, scope: &Scope) -> TokenStream {
    scope.name(match options.client {
        Client::Kube => "::k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta",
        Client::None => "::crdgen_runtime::ObjectMeta",
    })
}

/// How a field may be missing.
pub fn presence(field: &Field) -> Presence {
    match (is_required(field), field.slot.nullable) {
        (true, _) => Presence::Required,
        (false, false) => Presence::Optional,
        (false, true) => Presence::OptionalNullable,
    }
}

/// A required field with a default may be absent in what users write: the API server fills it in before it checks.
pub fn is_required(field: &Field) -> bool {
    field.required && field.default.is_none()
}

fn finished<'a>(name: &str, field: &'a Field, ty: &TokenStream, scope: &Scope) -> Finished<'a> {
    let option = scope.name("::std::option::Option");
    let presence = presence(field);
    Finished {
        name: super::ident(name),
        wire: &field.wire,
        ty: match presence {
            Presence::Required => quote!(#ty),
            Presence::Optional | Presence::OptionalNullable => quote!(#option<#ty>),
        },
        docs: docs::of_field(field),
        attributes: TokenStream::new(),
        presence,
        nullable: field.slot.nullable,
        integers: serde::holds_integers(&field.slot),
    }
}

/// The field for what the schema does not declare, beside fields with these names.
pub fn unknown_name<'a>(names: impl Iterator<Item = &'a Ident> + Clone) -> Ident {
    let mut name = "unknown_fields".to_owned();
    while names.clone().any(|taken| *taken == name) {
        name.push('_');
    }
    super::ident(&name)
}

fn unknown_field(name: &Ident, scope: &Scope, attributes: &TokenStream) -> TokenStream {
    let (map, json) = (scope.name("::crdgen_runtime::Map"), scope.name("::crdgen_runtime::Json"));
    quote! {
        /// Fields that the schema does not declare and the API server keeps.
        #attributes
        pub #name: #map<#json>,
    }
}

/// Derives of serde's traits are in `more`.
fn derive(def: &TypeDef, fields: &[Finished], more: &TokenStream) -> (TokenStream, Vec<&'static str>) {
    let all_optional = def.root_of.is_none() && fields.iter().all(|field| field.presence != Presence::Required);
    let default = all_optional.then(|| quote!(Default,));
    let tokens = quote!(#[derive(Clone, Debug, #default PartialEq #more)]);
    let names = ["Clone", "Debug", "PartialEq", "Serialize", "Deserialize"].into_iter();
    (tokens, names.chain(all_optional.then_some("Default")).collect())
}
