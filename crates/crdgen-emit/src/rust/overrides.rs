//! What a project changes about its Rust types, type by type and field by field.
//!
//! The pipeline finds out which types and fields a path means; here they are ids. What is written into generated code is
//! Rust of the project's own, parsed before it gets here ([`check`]).

use std::collections::BTreeMap;

use crdgen_model::TypeId;

use super::Unions;

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
    /// Its type, lists and maps included; `Option` is put around it where the value may be missing or null.
    pub external: Option<String>,
    /// Attributes, each with `#[]`.
    pub attributes: Vec<String>,
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
