//! What a project changes about its Rust types, type by type and field by field.
//!
//! The pipeline finds out which types and fields a path means; here they are ids. What is written into generated code is
//! Rust of the project's own, parsed before it gets here ([`check`]).

use std::collections::{BTreeMap, BTreeSet};

use crdgen_model::{Object, Slot, Type as Slotted, TypeId};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;
use syn::parse::{Parse, ParseStream, Parser};
use syn::visit_mut::{self, VisitMut};

use super::scope::Scope;
use super::{Unions, known};

/// Changes by type and by field; none by default. A change of a type holds wherever the type stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// By type.
    pub types: BTreeMap<TypeId, TypeOverride>,
    /// By the object that has the field and the field's index in it.
    pub fields: BTreeMap<(TypeId, usize), FieldOverride>,
}

/// What changes about a type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeOverride {
    /// Paths of traits to derive beside the usual ones.
    pub derives: Vec<String>,
    /// Attributes, each with `#[]`.
    pub attributes: Vec<String>,
    /// A type of the project's that stands for this one, which is not written then.
    pub external: Option<String>,
    /// How `oneOf`/`anyOf` of `required` sets are written here.
    pub unions: Option<Unions>,
}

/// What changes about a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldOverride {
    /// Its identifier.
    pub name: Option<String>,
    /// A type of the project's that stands for its value; `Option` is put around it where that may be missing or null.
    pub external: Option<String>,
    /// The levels that stay around the project's type: `[]` a list, `{}` a map, outermost first.
    pub levels: String,
    /// Attributes, each with `#[]`.
    pub attributes: Vec<String>,
}

/// What the project adds to a type.
#[derive(Default)]
pub(super) struct Added {
    /// More derives, each with a comma in front.
    pub derives: TokenStream,
    /// Attributes.
    pub attributes: TokenStream,
}

impl Overrides {
    /// What changes about a type.
    pub fn of_type(&self, id: TypeId) -> Option<&TypeOverride> {
        self.types.get(&id)
    }

    /// What changes about a field.
    pub fn of_field(&self, owner: TypeId, index: usize) -> Option<&FieldOverride> {
        self.fields.get(&(owner, index))
    }

    /// Changes about one type hold for another with the same fields too.
    pub(super) fn copy(&mut self, from: TypeId, to: TypeId) {
        if let Some(change) = self.types.get(&from).cloned() {
            self.types.insert(to, change);
        }
        let of_fields = self.fields.range((from, 0)..=(from, usize::MAX));
        let copies: Vec<_> = of_fields.map(|((_, index), change)| ((to, *index), change.clone())).collect();
        self.fields.extend(copies);
    }

    /// Whether a type of the project's stands for this one.
    pub fn replaces(&self, id: TypeId) -> bool {
        self.of_type(id).is_some_and(|change| change.external.is_some())
    }

    /// Whether types of the project's stand for any.
    pub(super) fn replace_any(&self) -> bool {
        self.types.values().any(|change| change.external.is_some())
            || self.fields.values().any(|change| change.external.is_some())
    }

    /// Whether a type or one of its fields has attributes of serde's.
    pub(super) fn has_serde_attributes(&self, id: TypeId, object: &Object) -> bool {
        let of_type = self.of_type(id).map(|change| &change.attributes);
        let of_fields = (0..object.fields.len()).filter_map(|index| Some(&self.of_field(id, index)?.attributes));
        let is_serde = |text: &String| {
            let attributes = parsed(syn::Attribute::parse_outer, text).unwrap_or_default();
            attributes.iter().any(|attribute| attribute.path().is_ident("serde"))
        };
        of_type.into_iter().chain(of_fields).flatten().any(is_serde)
    }

    /// What a type derives beside `derived`, and its attributes.
    pub(super) fn added(&self, id: TypeId, derived: &[&str]) -> Result<Added, String> {
        let Some(change) = self.of_type(id) else { return Ok(Added::default()) };
        let mut seen: BTreeSet<String> = derived.iter().map(|name| (*name).to_owned()).collect();
        let mut derives = Vec::new();
        for text in &change.derives {
            let path = parsed(syn::Path::parse_mod_style, text)?;
            let last = path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
            if seen.insert(last) {
                derives.push(path);
            }
        }
        Ok(Added { derives: quote!(#(, #derives)*), attributes: all_attributes(&change.attributes)? })
    }
}

impl FieldOverride {
    /// The attributes.
    pub(super) fn attributes(&self) -> Result<TokenStream, String> {
        all_attributes(&self.attributes)
    }

    /// The type that replaces that of a slot.
    pub(super) fn ty(&self, slot: &Slot, scope: &Scope) -> Result<Option<TokenStream>, String> {
        let Some(text) = &self.external else { return Ok(None) };
        let ty = parsed(Type::parse, text)?;
        Ok(Some(around(&quote!(#ty), slot, &self.levels, scope)))
    }
}

fn all_attributes(texts: &[String]) -> Result<TokenStream, String> {
    let mut tokens = TokenStream::new();
    for text in texts {
        tokens.extend(parsed(syn::Attribute::parse_outer, text)?.into_iter().map(|attribute| quote!(#attribute)));
    }
    Ok(tokens)
}

/// What stays around the project's type.
fn around(ty: &TokenStream, slot: &Slot, levels: &str, scope: &Scope) -> TokenStream {
    let value = match (levels.get(..2), &slot.ty) {
        (Some("[]"), Slotted::List { items, .. }) => {
            let (list, items) = (scope.name("::std::vec::Vec"), around(ty, items, &levels[2..], scope));
            quote!(#list<#items>)
        }
        (Some("{}"), Slotted::Map(values)) => {
            let (map, values) = (scope.name("::crdgen_runtime::Map"), around(ty, values, &levels[2..], scope));
            quote!(#map<#values>)
        }
        _ => ty.clone(),
    };
    if !slot.nullable {
        return value;
    }
    let option = scope.name("::std::option::Option");
    quote!(#option<#value>)
}

fn parsed<T>(parser: impl FnOnce(ParseStream<'_>) -> syn::Result<T>, text: &str) -> Result<T, String> {
    Parser::parse_str(parser, text).map_err(|error| format!("`{text}`: {error}"))
}

/// What stands for the replaced type in a type that is not finished: no neutral name has an underscore.
pub(super) fn placeholder(id: TypeId) -> String {
    format!("external_{}", id.0)
}

/// Puts the project's types where [`placeholder`]s stand. It comes after all paths were shortened: theirs stay as written,
/// but for those of k8s-openapi, which no project wrote.
pub(super) fn insert_external(ty: &mut Type, overrides: &Overrides, scope: &Scope) -> Result<(), String> {
    let mut insert = InsertExternal { overrides, scope, failed: None };
    insert.visit_type_mut(ty);
    insert.failed.map_or(Ok(()), Err)
}

struct InsertExternal<'a> {
    overrides: &'a Overrides,
    scope: &'a Scope,
    failed: Option<String>,
}

impl InsertExternal<'_> {
    fn text(&self, ty: &Type) -> Option<&str> {
        let Type::Path(path) = ty else { return None };
        let ident = path.path.get_ident()?.to_string();
        let id = TypeId(ident.strip_prefix("external_")?.parse().ok()?);
        self.overrides.of_type(id)?.external.as_deref()
    }
}

impl VisitMut for InsertExternal<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        let Some(text) = self.text(ty) else { return visit_mut::visit_type_mut(self, ty) };
        match parsed(Type::parse, text) {
            Ok(found) if known::is_k8s_openapi(text) => *ty = self.scope.shorten(found),
            Ok(found) => *ty = found,
            Err(message) => self.failed = Some(message),
        }
    }
}

/// Whether texts of a config are the Rust they have to be. The errors say what is expected, in one sentence.
pub mod check {
    use syn::parse::Parser;

    /// A type for `extern`, by an absolute path: generated modules lie anywhere in the user's crate.
    pub fn external(text: &str) -> Result<(), String> {
        let absolute = |path: &syn::Path| {
            let first = path.segments.first().map(|segment| segment.ident.to_string());
            path.leading_colon.is_some() || first.is_some_and(|first| first == "crate")
        };
        match syn::parse_str::<syn::Type>(text) {
            Ok(syn::Type::Path(ty)) if ty.qself.is_none() && absolute(&ty.path) => Ok(()),
            _ => Err(format!("`{text}` is no path of a type: write `crate::Type` or `::krate::Type`")),
        }
    }

    /// The path of a trait to derive.
    pub fn derive(text: &str) -> Result<(), String> {
        match syn::Path::parse_mod_style.parse_str(text) {
            Ok(_) => Ok(()),
            Err(_) => Err(format!("`{text}` is no path of a derive: write `Eq` or `::krate::Trait`")),
        }
    }

    /// An outer attribute.
    pub fn attribute(text: &str) -> Result<(), String> {
        match syn::Attribute::parse_outer.parse_str(text) {
            Ok(attributes) if !attributes.is_empty() => Ok(()),
            _ => Err(format!("`{text}` is no attribute: write `#[allow(dead_code)]`")),
        }
    }

    /// A field's identifier.
    pub fn field(text: &str) -> Result<(), String> {
        match syn::parse_str::<syn::Ident>(text) {
            Ok(_) if text != "_" => Ok(()),
            _ => Err(format!("`{text}` is no name for a field: it must be an identifier and no keyword")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn rust_of_a_config_is_parsed() {
        let good = [
            check::external("::my::Type<::std::string::String>"),
            check::external("crate::Type"),
            check::derive("Eq"),
            check::derive("::schemars::JsonSchema"),
            check::attribute("#[allow(clippy::large_enum_variant)]"),
            check::attribute("#[a] #[b(\"]\")]"),
            check::field("pipeline"),
        ];
        assert!(good.iter().all(Result::is_ok), "{good:?}");
        let bad = [
            check::external("Type"),
            check::external("::my::Type }"),
            check::external("<A as B>::C"),
            check::derive("Eq, Hash"),
            check::derive(""),
            check::attribute("allow(dead_code)"),
            check::attribute("#![allow(dead_code)]"),
            check::attribute("#[a] struct X;"),
            check::attribute(""),
            check::field("type"),
            check::field("a b"),
        ];
        assert!(bad.iter().all(Result::is_err), "{bad:?}");
    }
}
