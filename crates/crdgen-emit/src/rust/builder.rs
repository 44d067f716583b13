//! `T::builder()`, made by the derive macro of `bon`. The compiler checks that required fields are given.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::field::{Presence, RustField};
use super::new::takes_into;
use super::parts::Struct;
use super::scope::Scope;
use super::{Builders, ident, type_ident};

/// Code that gives a struct its builder.
#[derive(Default)]
pub struct Code {
    /// The derive, with a comma in front.
    pub derive: TokenStream,
    /// Attributes of the struct.
    pub on_struct: TokenStream,
    /// Attributes of the envelope fields, and of the field for undeclared keys.
    pub on_defaulted: TokenStream,
    /// Attributes of each field.
    pub on_fields: Vec<TokenStream>,
}

/// Returns the code for the builder of a struct. A view has none, since it is read and never built. There is
/// none either if a type hides a name of the prelude, such as a kind called `Option`, because `bon` writes
/// these names without a path.
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

fn attributes(field: &RustField<'_>, setter: Option<&str>, scope: &Scope) -> TokenStream {
    // A nullable required field must be given, even if its value is null.
    let required = (field.presence == Presence::Required && field.nullable).then(|| quote!(required));
    let into = takes_into(&field.value, scope).then(|| quote!(into));
    let name = setter.map(ident).map(|name| quote!(name = #name));
    let parts: Vec<TokenStream> = [required, into, name].into_iter().flatten().collect();
    if parts.is_empty() { TokenStream::new() } else { quote!(#[builder(#(#parts),*)]) }
}

/// Returns for each field the name of its setter, if it differs from the field's own name. The builder
/// already has a method `build`, and `maybe_name` for an optional `name`. `bon` ignores underscores before
/// the first letter, and takes names that differ only in underscores for equal.
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

/// Returns the upper camel case of a name, in which two names that `bon` takes for equal are equal.
fn key(name: &str) -> String {
    let words = name.split('_').filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
}
