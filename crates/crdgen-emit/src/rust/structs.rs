//! The `syn` pass: makes a struct that round-trips every stored object from the struct of typify.

use crdgen_model::{Field, Model, Object, TypeId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::field_types::FieldTypes;
use super::inherent::{self, Struct};
use super::one_of::{self, Choice};
use super::overrides::{Added, FieldOverride};
use super::scope::Scope;
use super::serde;
use super::unions::Plan;
use super::{Client, Options, Serde, builder, docs, envelope, type_ident};

/// A field ready for printing.
#[derive(Clone)]
pub struct RustField<'a> {
    /// Identifier of the field.
    pub name: Ident,
    /// Wire name of the field.
    pub wire: &'a str,
    /// Type of the field, with the `Option` for a field that may be absent.
    pub ty: TokenStream,
    /// Type of the field's value, without that `Option`.
    pub value: TokenStream,
    /// Docs of the field.
    pub docs: TokenStream,
    /// Attributes from the project.
    attributes: TokenStream,
    /// Whether the field may be absent or null.
    pub presence: Presence,
    /// Whether null is a value of its own.
    pub nullable: bool,
    /// Whether the field contains only integers, at any depth.
    pub integers: bool,
}

/// Whether a field may be absent or null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The field is always present, but may be null.
    Required,
    /// The field may be absent.
    Optional,
    /// The field may be absent, and null is a third state.
    OptionalNullable,
}

/// Form of an object type.
pub struct Form<'a> {
    /// Source of the impls of serde's traits.
    pub serde: Serde,
    /// Typed unions of the type, if it has any. They replace the struct or some of its fields.
    pub plan: Option<&'a Plan>,
}

/// Finishes the struct of a type: source order, wire names, optional fields, undeclared fields, derives and
/// docs. A type with typed unions is written in another form.
pub fn finish(
    model: &Model,
    id: TypeId,
    object: &Object,
    types: &mut FieldTypes<'_>,
    form: Form<'_>,
    scope: &Scope,
    options: &Options,
) -> Result<TokenStream, String> {
    let def = model.get(id);
    let changed = |index: usize| options.overrides.of_field(id, index);
    let names = options.overrides.idents(def, id, object);
    let mut fields = Vec::with_capacity(names.len());
    for (index, (name, field)) in names.iter().zip(&object.fields).enumerate() {
        let replaced = changed(index).map(|change| change.ty(&field.slot, scope)).transpose()?.flatten();
        let ty = match &replaced {
            Some(external) => external.clone(),
            None => types.of(id, index)?,
        };
        fields.push(RustField {
            attributes: changed(index).map(FieldOverride::attributes).transpose()?.unwrap_or_default(),
            integers: replaced.is_none() && serde::holds_integers(&field.slot),
            ..rust_field(name, field, &ty, scope)
        });
    }
    let unknown = object.unknown_fields.then(|| unknown_name(fields.iter().map(|field| &field.name)));
    let unknown = unknown.as_ref();
    let envelope = &envelope::of(model, def, scope, options);
    let of = Struct { model, id, def, declared: object, object, envelope, fields: &fields, choices: &[], unknown };
    match form.plan {
        None => print(&of, form.serde, scope, options),
        Some(plan) => one_of::print(plan, &of, form.serde, scope, options),
    }
}

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

/// Returns the type of `metadata`.
pub fn metadata_type(options: &Options, scope: &Scope) -> TokenStream {
    scope.name(match options.client {
        Client::Kube => "::k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta",
        Client::None => "::crdgen_runtime::ObjectMeta",
    })
}

/// Returns the presence of a field.
pub fn presence(field: &Field) -> Presence {
    match (is_required(field), field.slot.nullable) {
        (true, _) => Presence::Required,
        (false, false) => Presence::Optional,
        (false, true) => Presence::OptionalNullable,
    }
}

/// Returns whether a field is required in Rust. A required field with a default is not: users may leave it
/// out, and the API server fills it in before it validates.
pub fn is_required(field: &Field) -> bool {
    field.required && field.default.is_none()
}

fn rust_field<'a>(name: &str, field: &'a Field, ty: &TokenStream, scope: &Scope) -> RustField<'a> {
    let option = scope.name("::std::option::Option");
    let presence = presence(field);
    RustField {
        name: super::ident(name),
        wire: &field.wire,
        ty: match presence {
            Presence::Required => quote!(#ty),
            Presence::Optional | Presence::OptionalNullable => quote!(#option<#ty>),
        },
        value: ty.clone(),
        docs: docs::of_field(field),
        attributes: TokenStream::new(),
        presence,
        nullable: field.slot.nullable,
        integers: serde::holds_integers(&field.slot),
    }
}

/// Returns a name for the field for undeclared keys that differs from the other names.
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
