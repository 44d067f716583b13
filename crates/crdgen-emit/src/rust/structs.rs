//! The `syn` pass: makes a struct that round-trips every stored object from the struct of typify.

use crdgen_model::{Field, Model, Object, TypeId};
use proc_macro2::TokenStream;
use quote::quote;

use super::field::{Presence, RustField, presence};
use super::field_types::FieldTypes;
use super::idents::unknown_name;
use super::overrides::FieldOverride;
use super::parts::Struct;
use super::scope::Scope;
use super::unions::Plan;
use super::{Options, Serde, declaration, docs, envelope, one_of, serde};

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
        None => declaration::print(&of, form.serde, scope, options),
        Some(plan) => one_of::print(plan, &of, form.serde, scope, options),
    }
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
