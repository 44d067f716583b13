//! Impls of serde's traits for generated structs: by the runtime's `object!` or by serde's derives.

use crdgen_model::{Slot, Type};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::envelope::Part;
use super::field::{Presence, RustField};
use super::parts::{Choice, Struct};
use super::scope::Scope;
use super::{Serde, ident, idents, type_ident};

/// Code that gives a struct serde's traits.
#[derive(Default)]
pub struct Code {
    /// Additional derives, each with a comma in front.
    pub derives: TokenStream,
    /// Attributes of the struct.
    pub on_struct: TokenStream,
    /// Attributes of each envelope field.
    pub on_envelope: Vec<TokenStream>,
    /// Attributes of each field.
    pub on_fields: Vec<TokenStream>,
    /// Attributes of the fields that are unions.
    pub on_choices: TokenStream,
    /// Attributes of the field for undeclared keys.
    pub on_unknown: TokenStream,
    /// Code after the struct.
    pub impls: TokenStream,
}

/// Returns the code that gives a struct serde's traits.
pub fn code(of: &Struct<'_>, serde: Serde, scope: &Scope) -> Code {
    match serde {
        Serde::Expanded => expanded(of),
        Serde::Derive => derived(of, scope),
    }
}

fn expanded(of: &Struct<'_>) -> Code {
    let envelope = of.envelope.iter().map(|part| ("defaulted", ident(part.name), part.wire));
    let own = of.fields.iter().map(|field| (presence(field), field.name.clone(), field.wire));
    let impls = lines(&type_ident(of.def), envelope.chain(own), of.choices, of.unknown);
    Code {
        impls,
        on_envelope: vec![TokenStream::new(); of.envelope.len()],
        on_fields: vec![TokenStream::new(); of.fields.len()],
        ..Code::default()
    }
}

/// Returns the runtime's `object!` for a struct with these fields.
pub fn object<'a>(name: &Ident, fields: impl Iterator<Item = &'a RustField<'a>>) -> TokenStream {
    lines(name, fields.map(|field| (presence(field), field.name.clone(), field.wire)), &[], None)
}

fn lines<'a>(
    name: &Ident,
    fields: impl Iterator<Item = (&'a str, Ident, &'a str)>,
    choices: &[Choice<'_>],
    unknown: Option<&Ident>,
) -> TokenStream {
    let fields = fields.map(|(presence, name, wire)| {
        let presence = ident(presence);
        quote!(#presence #name #wire,)
    });
    let choices = choices.iter().map(|Choice { name, wires, .. }| quote!(#(#wires)* => #name,));
    let unknown = unknown.map(|unknown| quote!(.. #unknown));
    quote!(::crdgen_runtime::object! { #name { #(#fields)* #(#choices)* #unknown } })
}

fn derived(of: &Struct<'_>, scope: &Scope) -> Code {
    let helps =
        |field: &RustField| field.name != field.wire && idents::serde_camel(&field.name.to_string()) == field.wire;
    let rename_all = of.fields.iter().any(helps);
    let on_struct = rename_all.then(|| quote!(#[serde(rename_all = "camelCase")]));
    let is_none = format!("{}::is_none", scope.name("::std::option::Option")).replace(' ', "");
    Code {
        derives: quote!(, ::serde::Serialize, ::serde::Deserialize),
        on_struct: quote!(#on_struct),
        on_envelope: of.envelope.iter().map(|Part { wire, .. }| quote!(#[serde(rename = #wire, default)])).collect(),
        on_fields: of.fields.iter().map(|field| attributes(field, rename_all, &is_none)).collect(),
        on_choices: quote!(#[serde(flatten)]),
        on_unknown: quote!(#[serde(flatten)]),
        impls: TokenStream::new(),
    }
}

/// Returns the name of the method of the runtime's `Source` and `Sink` for a field.
fn presence(field: &RustField) -> &'static str {
    match (field.presence, field.integers) {
        (Presence::Required, false) => "required",
        (Presence::Required, true) => "required_integer",
        (Presence::Optional, false) => "optional",
        (Presence::Optional, true) => "optional_integer",
        (Presence::OptionalNullable, false) => "nullable",
        (Presence::OptionalNullable, true) => "nullable_integer",
    }
}

fn attributes(field: &RustField, rename_all: bool, is_none: &str) -> TokenStream {
    let name = field.name.to_string();
    let ruled = if rename_all { idents::serde_camel(&name) } else { name };
    let wire = field.wire;
    let rename = (ruled != wire).then(|| quote!(rename = #wire));
    let read = match (field.presence, field.integers) {
        (Presence::Required | Presence::Optional, true) => Some("::crdgen_runtime::integer::read"),
        (Presence::OptionalNullable, true) => Some("::crdgen_runtime::integer::present"),
        (Presence::OptionalNullable, false) => Some("::crdgen_runtime::present"),
        // Without a function serde would take null for an absent field.
        (Presence::Required, false) if field.nullable => Some("::serde::Deserialize::deserialize"),
        (Presence::Required | Presence::Optional, false) => None,
    };
    let absent = field.presence != Presence::Required;
    let default = absent.then(|| quote!(default));
    let read = read.map(|path| quote!(deserialize_with = #path));
    let skip = absent.then(|| quote!(skip_serializing_if = #is_none));
    let parts: Vec<_> = [rename, default, read, skip].into_iter().flatten().collect();
    if parts.is_empty() { TokenStream::new() } else { quote!(#[serde(#(#parts),*)]) }
}

/// Returns whether a slot contains only integers, at any depth of lists and maps.
pub fn holds_integers(slot: &Slot) -> bool {
    match &slot.ty {
        Type::Integer { .. } => true,
        Type::List { items: inner, .. } | Type::Map(inner) => holds_integers(inner),
        _ => false,
    }
}
