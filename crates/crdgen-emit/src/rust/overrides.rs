//! Changes of a project to its Rust types and their fields, by id.
//!
//! The pipeline resolves the paths of a config to types and fields. Text for generated code is Rust of the
//! project, which [`check`] has parsed before.

use std::collections::{BTreeMap, BTreeSet};

use crdgen_model::{Level, Levels, Object, Slot, Type as Slotted, TypeDef, TypeId};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;
use syn::parse::{Parse, ParseStream, Parser};
use syn::visit_mut::{self, VisitMut};

use super::idents::of_fields;
use super::scope::Scope;
use super::settings::Unions;

/// Path prefix of k8s-openapi's types.
pub(super) const K8S_OPENAPI: &str = "::k8s_openapi::";

/// Changes by type and by field; none by default. A change of a type applies everywhere the type is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Changes by type.
    pub types: BTreeMap<TypeId, TypeOverride>,
    /// Changes by field: the object type that has the field, and the field's index in it.
    pub fields: BTreeMap<(TypeId, usize), FieldOverride>,
}

/// Changes of a type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeOverride {
    /// Paths of traits to derive in addition to the usual ones.
    pub derives: Vec<String>,
    /// Attributes, each with `#[]`.
    pub attributes: Vec<String>,
    /// Path of a type of the project that replaces this one. This one is then not written.
    pub external: Option<String>,
    /// Form of unions of `required` sets (`oneOf`, `anyOf`) in this type.
    pub unions: Option<Unions>,
}

/// Changes of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldOverride {
    /// Identifier of the field.
    pub name: Option<String>,
    /// Path of a type of the project for the field's value. It is wrapped in `Option` if the value may be
    /// absent or null.
    pub external: Option<String>,
    /// Lists and maps around the project's type.
    pub levels: Levels,
    /// Attributes, each with `#[]`.
    pub attributes: Vec<String>,
}

/// Additions of the project to a type.
#[derive(Default)]
pub(super) struct Added {
    /// Additional derives, each with a comma in front.
    pub derives: TokenStream,
    pub attributes: TokenStream,
}

impl Overrides {
    /// Returns the changes of a type.
    pub fn of_type(&self, id: TypeId) -> Option<&TypeOverride> {
        self.types.get(&id)
    }

    /// Returns the changes of a field.
    pub fn of_field(&self, owner: TypeId, index: usize) -> Option<&FieldOverride> {
        self.fields.get(&(owner, index))
    }

    /// Returns identifiers for the fields of a type: those that the project gives, and for the others those made
    /// from their wire names.
    pub(super) fn idents(&self, def: &TypeDef, id: TypeId, object: &Object) -> Vec<String> {
        of_fields(def, object, &|index| self.of_field(id, index)?.name.as_deref())
    }

    /// Copies the changes of a type to another type with the same fields.
    pub(super) fn copy(&mut self, from: TypeId, to: TypeId) {
        if let Some(change) = self.types.get(&from).cloned() {
            self.types.insert(to, change);
        }
        let of_fields = self.fields.range((from, 0)..=(from, usize::MAX));
        let copies: Vec<_> = of_fields.map(|((_, index), change)| ((to, *index), change.clone())).collect();
        self.fields.extend(copies);
    }

    /// Returns whether a type of the project replaces this one.
    pub fn replaces(&self, id: TypeId) -> bool {
        self.of_type(id).is_some_and(|change| change.external.is_some())
    }

    /// Returns whether a type of the project replaces any type or the type of any field.
    pub(super) fn replace_any(&self) -> bool {
        self.types.values().any(|change| change.external.is_some())
            || self.fields.values().any(|change| change.external.is_some())
    }

    /// Returns whether a type or one of its fields has `#[serde]` attributes from the project.
    pub(super) fn has_serde_attributes(&self, id: TypeId, object: &Object) -> bool {
        let of_type = self.of_type(id).map(|change| &change.attributes);
        let of_fields = (0..object.fields.len()).filter_map(|index| Some(&self.of_field(id, index)?.attributes));
        let is_serde = |text: &String| {
            let attributes = parsed(syn::Attribute::parse_outer, text).unwrap_or_default();
            attributes.iter().any(|attribute| attribute.path().is_ident("serde"))
        };
        of_type.into_iter().chain(of_fields).flatten().any(is_serde)
    }

    /// Returns the derives of a type beside `derived`, and its attributes.
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
    /// Returns the attributes of the field.
    pub(super) fn attributes(&self) -> Result<TokenStream, String> {
        all_attributes(&self.attributes)
    }

    /// Returns the type that replaces that of a slot.
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

/// Puts the levels that remain around the project's type.
fn around(ty: &TokenStream, slot: &Slot, levels: &[Level], scope: &Scope) -> TokenStream {
    let value = match (levels.split_first(), &slot.ty) {
        (Some((Level::List, levels)), Slotted::List { items, .. }) => {
            let (list, items) = (scope.name("::std::vec::Vec"), around(ty, items, levels, scope));
            quote!(#list<#items>)
        }
        (Some((Level::Map, levels)), Slotted::Map(values)) => {
            let (map, values) = (scope.name("::crdgen_runtime::Map"), around(ty, values, levels, scope));
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

/// Returns the identifier that stands for a replaced type in a type that is not finished. No neutral name has
/// an underscore, so the identifier is unique.
pub(super) fn placeholder(id: TypeId) -> String {
    format!("external_{}", id.0)
}

/// Replaces [`placeholder`]s by the project's types. All other paths were shortened before. A path of the
/// project stays as written; a path of k8s-openapi, which no project wrote, is shortened.
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
            Ok(found) if text.starts_with(K8S_OPENAPI) => *ty = self.scope.shorten(found),
            Ok(found) => *ty = found,
            Err(message) => self.failed = Some(message),
        }
    }
}

/// Checks that texts of a config are the required form of Rust. Each error says in one sentence what is
/// expected.
pub mod check {
    use syn::parse::Parser;

    /// Checks a type for `extern`. Its path must be absolute, because generated modules can be anywhere in
    /// the user's crate.
    pub fn external(text: &str) -> Result<(), String> {
        let absolute = |path: &syn::Path| {
            path.leading_colon.is_some() || path.segments.first().is_some_and(|first| first.ident == "crate")
        };
        match syn::parse_str::<syn::Type>(text) {
            Ok(syn::Type::Path(ty)) if ty.qself.is_none() && absolute(&ty.path) && names_item(&ty.path) => Ok(()),
            _ => Err(format!("`{text}` is not a path of a type: write `crate::Type` or `::krate::Type`")),
        }
    }

    /// Checks the path of a trait to derive.
    pub fn derive(text: &str) -> Result<(), String> {
        match syn::Path::parse_mod_style.parse_str(text) {
            Ok(path) if names_item(&path) => Ok(()),
            _ => Err(format!("`{text}` is not a path of a derive: write `Eq` or `::krate::Trait`")),
        }
    }

    /// Checks an outer attribute.
    pub fn attribute(text: &str) -> Result<(), String> {
        match syn::Attribute::parse_outer.parse_str(text) {
            Ok(attributes) if !attributes.is_empty() && attributes.iter().all(|found| names_item(found.path())) => {
                Ok(())
            }
            _ => Err(format!("`{text}` is not an attribute: write `#[allow(dead_code)]`")),
        }
    }

    /// Checks an identifier for a field. A raw identifier is refused, since field names are also parts of other names.
    pub fn field(text: &str) -> Result<(), String> {
        match syn::parse_str::<syn::Ident>(text) {
            // `syn` also accepts spaces and comments around an identifier, and does not know the keyword `gen`.
            Ok(ident) if ident == text && !text.starts_with("r#") && !["_", "gen"].contains(&text) => Ok(()),
            _ => {
                Err(format!("`{text}` is not a name of a field: use an identifier that is not a keyword, without `r#`"))
            }
        }
    }

    /// Returns whether a path can name an item. `syn` accepts `crate`, `self`, `super` and `Self` as any segment.
    fn names_item(path: &syn::Path) -> bool {
        let is_keyword = |segment: &syn::PathSegment| syn::parse_str::<syn::Ident>(&segment.ident.to_string()).is_err();
        let keywords = path.segments.iter().take_while(|segment| is_keyword(segment)).count();
        let names = path.segments.iter().skip(keywords);
        let is_absolute = path.leading_colon.is_some();
        !path.segments.is_empty()
            && names.len() > 0
            && names.clone().all(|segment| !is_keyword(segment))
            && !(is_absolute && keywords > 0)
            && path.segments.iter().take(keywords).all(|segment| segment.ident != "Self")
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
            check::field("größe"),
            check::external("crate::r#type::r#Type"),
            check::external("::r#type::Type"),
            check::derive("r#type"),
            check::derive("self::Trait"),
            check::attribute("#[r#type]"),
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
            check::field("a b"),
            check::field(" a "),
            check::field("/**/a"),
            check::field("_"),
            check::field("gen"),
            check::external("crate"),
            check::external("::crate::Type"),
            check::external("::my::self"),
            check::derive("crate"),
            check::derive("Self"),
            check::derive("Self::Trait"),
            check::attribute("#[self]"),
            check::attribute("#[a::crate]"),
        ];
        assert!(bad.iter().all(Result::is_err), "{bad:?}");
        for name in ["r#type", "r#fine", "self", "crate", "super", "Self", "1a", "", "type", "async", "try"] {
            assert!(check::field(name).is_err(), "{name:?}");
        }
        for name in ["self", "crate", "super", "Self", "1a", "", "type"] {
            let checks = [check::external, check::derive];
            assert!(checks.iter().all(|check| check(name).is_err()), "{name:?}");
            assert!(
                check::external(&format!("::my::{name}")).is_err() && check::attribute(&format!("#[{name}]")).is_err()
            );
        }
    }
}
