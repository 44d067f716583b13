//! `T::builder()`, by the derive of `bon`: what is required is asked for by the compiler, the rest may be left out.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::inherent::Struct;
use super::new::takes_into;
use super::scope::Scope;
use super::structs::{Finished, Presence};
use super::{ident, type_ident};

/// Whether structs have builders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Builders {
    /// No.
    #[default]
    None,
    /// By `bon`, which the generated code's crate depends on.
    Bon,
}

/// The attributes of a struct.
#[derive(Default)]
pub struct Code {
    /// The derive, with a comma in front.
    pub derive: TokenStream,
    /// Of the struct.
    pub on_struct: TokenStream,
    /// Of what stands before the fields, and of the field for what is not declared.
    pub on_defaulted: TokenStream,
    /// Of each field.
    pub on_fields: Vec<TokenStream>,
}

/// What a struct has for its builder's sake. A view is read and never built; and `bon` writes names of the prelude short, so
/// that it cannot work where a kind is called `Option`.
pub fn code(of: &Struct<'_>, builders: Builders, scope: &Scope) -> Code {
    if builders == Builders::None || of.def.view_of.is_some() || scope.hides_prelude() {
        return Code { on_fields: vec![TokenStream::new(); of.fields.len()], ..Code::default() };
    }
    let name = type_ident(of.def);
    let builder = format!("{name}Builder");
    let hidden = of.model.types.iter().any(|def| type_ident(def) == builder);
    let renamed = hidden.then(|| {
        let builder = ident(&format!("{builder}_"));
        quote!(#[builder(builder_type = #builder)])
    });
    let setters = setters(of);
    let on_fields = of.fields.iter().zip(setters).map(|(field, setter)| attributes(field, setter.as_deref(), scope));
    Code {
        derive: quote!(, ::bon::Builder),
        on_struct: quote!(#renamed),
        on_defaulted: quote!(#[builder(default)]),
        on_fields: on_fields.collect(),
    }
}

fn attributes(field: &Finished<'_>, setter: Option<&str>, scope: &Scope) -> TokenStream {
    // Null is a value, and one that has to be given.
    let required = (field.presence == Presence::Required && field.nullable).then(|| quote!(required));
    let into = takes_into(&field.value, scope).then(|| quote!(into));
    let name = setter.map(ident).map(|name| quote!(name = #name));
    let parts: Vec<TokenStream> = [required, into, name].into_iter().flatten().collect();
    if parts.is_empty() { TokenStream::new() } else { quote!(#[builder(#(#parts),*)]) }
}

/// For each field another name for its setter, where its own would not do. `build`, and `maybe_name` of an optional `name`,
/// are functions of the builder already. For `bon`, names that differ in underscores alone are the same, and those before
/// the first letter are not there.
fn setters(of: &Struct<'_>) -> Vec<Option<String>> {
    let mut taken: BTreeSet<String> = [key("build")].into();
    taken.extend(of.unknown.iter().map(|name| key(&name.to_string())));
    taken.extend(of.envelope.iter().map(|part| key(part.name)));
    taken.extend(of.fields.iter().map(|field| key(&format!("maybe_{}", field.name))));
    of.fields
        .iter()
        .map(|field| {
            let own = field.name.to_string();
            let letters = own.trim_matches('_');
            let legal = letters.starts_with(|c: char| c.is_ascii_alphabetic());
            if legal && taken.insert(key(&own)) {
                return None;
            }
            let mut name = if legal { format!("{letters}_field") } else { format!("field_{letters}") };
            while !taken.insert(key(&name)) {
                name.push_str("_field");
            }
            Some(name)
        })
        .collect()
}

/// What is the same for two names that `bon` takes for one: upper camel case.
fn key(name: &str) -> String {
    let words = name.split('_').filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
}
