//! `DEFAULT_*`: constants for the values that the API server fills in.
//!
//! A field with a default is absent in Rust until the server has filled it in. Code that works on objects
//! before that can use the constant. Lists and objects have no constant; their defaults are in the docs and
//! in the schema.

use std::collections::BTreeSet;

use crdgen_model::{Field, Model, Shape, Type};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value as Json;

use super::parts::Struct;
use super::{Options, docs, ident, type_ident};

/// Returns a constant for every scalar default, in the order of the fields.
pub fn constants(of: &Struct<'_>, options: &Options) -> Vec<TokenStream> {
    let mut taken = BTreeSet::new();
    of.object
        .fields
        .iter()
        .zip(of.fields)
        .filter_map(|(field, finished)| {
            let (ty, value) = constant(field, of.model, options)?;
            let name = ident(&name(&finished.name.to_string(), &mut taken));
            let docs = docs::line(&format!("Default that the API server sets for {}.", docs::code(&field.wire)));
            Some(quote!(#docs pub const #name: #ty = #value;))
        })
        .collect()
}

/// Returns the name of a constant: `type_` gives `DEFAULT_TYPE`, unless another field has that name.
fn name(field: &str, taken: &mut BTreeSet<String>) -> String {
    let of = |field: &str| format!("DEFAULT_{}", field.to_ascii_uppercase());
    let name = of(field.trim_matches('_'));
    if taken.insert(name.clone()) {
        return name;
    }
    let mut name = of(field);
    while !taken.insert(name.clone()) {
        name.push('_');
    }
    name
}

/// Returns type and value of the constant for a field's default.
fn constant(field: &Field, model: &Model, options: &Options) -> Option<(TokenStream, TokenStream)> {
    let default = field.default.as_ref()?;
    match &field.slot.ty {
        Type::Boolean => default.as_bool().map(|value| (quote!(bool), quote!(#value))),
        Type::Integer { int32: true } => integer(default).map(|value| (quote!(i32), value)),
        Type::Integer { int32: false } => integer(default).map(|value| (quote!(i64), value)),
        Type::Number { .. } => default.as_f64().map(|value| (quote!(f64), float(value))),
        Type::String { .. } => text(default),
        Type::IntOrString => text(default).or_else(|| integer(default).map(|value| (quote!(i64), value))),
        Type::Named(id) => {
            let def = model.get(*id);
            let Shape::Enum(variants) = &def.shape else { return None };
            let written = !options.overrides.replaces(*id);
            let known = variants.iter().find(|variant| written && default.as_str() == Some(&variant.wire));
            let Some(variant) = known else { return text(default) };
            let (ty, variant) = (type_ident(def), ident(&variant.name));
            Some((quote!(#ty), quote!(#ty::#variant)))
        }
        Type::List { .. } | Type::Map(_) | Type::AnyObject | Type::Any => None,
    }
}

fn text(default: &Json) -> Option<(TokenStream, TokenStream)> {
    default.as_str().map(|text| (quote!(&'static str), quote!(#text)))
}

/// Returns an integer literal, also for a number written with a fraction of zero.
fn integer(default: &Json) -> Option<TokenStream> {
    let value = default.as_i64().or_else(|| {
        let value = default.as_f64().filter(|value| value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0)?;
        Some(value as i64)
    })?;
    value.to_string().parse().ok()
}

fn float(value: f64) -> TokenStream {
    format!("{value:?}").parse().expect("a printed number is a literal")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_apart() {
        let mut taken = BTreeSet::new();
        let names: Vec<_> = ["type_", "_3scale", "type", "type__"].map(|field| name(field, &mut taken)).into();
        assert_eq!(names, ["DEFAULT_TYPE", "DEFAULT_3SCALE", "DEFAULT_TYPE_", "DEFAULT_TYPE__"]);
    }

    #[test]
    fn integers_may_be_written_as_floats() {
        for (written, read) in [("3", Some("3")), ("1e2", Some("100")), ("-1.0", Some("- 1")), ("1.5", None)] {
            let written = serde_json::from_str(written).expect("JSON");
            assert_eq!(integer(&written).map(|tokens| tokens.to_string()).as_deref(), read);
        }
    }
}
