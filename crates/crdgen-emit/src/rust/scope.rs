//! Names that a file can use without a path.
//!
//! Real CRDs have types called `Option`, `From`, `Default`, `Result` and `Map`. A file in which such a type
//! is visible uses full paths for the names that it hides. Every other file uses short names, as a person
//! would.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::{self, VisitMut};

/// Type names that are visible in a file, and the imports of the file.
pub struct Scope {
    types: BTreeSet<String>,
    imports: RefCell<BTreeMap<String, BTreeSet<String>>>,
    /// Paths of this crate as the file writes them. The first use of a path decides that for the whole file.
    names: RefCell<HashMap<String, TokenStream>>,
}

/// Names that need no import.
const PRELUDE: [&str; 12] =
    ["Box", "Default", "From", "Into", "None", "Option", "Result", "Some", "String", "TryFrom", "TryInto", "Vec"];

impl Scope {
    /// Returns a scope in which these types are visible.
    pub fn new(types: impl IntoIterator<Item = String>) -> Self {
        Self { types: types.into_iter().collect(), imports: RefCell::default(), names: RefCell::default() }
    }

    /// Returns an absolute path as this file writes it: `::std::option::Option` gives `Option`.
    pub fn name(&self, path: &str) -> TokenStream {
        if let Some(name) = self.names.borrow().get(path) {
            return name.clone();
        }
        let mut written: syn::Path = syn::parse_str(path).expect("a path written in this crate");
        self.shorten_path(&mut written);
        let name = quote!(#written);
        self.names.borrow_mut().insert(path.to_owned(), name.clone());
        name
    }

    /// Returns whether a type of this file has the name of something in the prelude.
    pub fn hides_prelude(&self) -> bool {
        PRELUDE.iter().any(|name| self.types.contains(*name))
    }

    /// Returns whether `tokens` are one of some absolute paths as this file writes it.
    pub fn is_any(&self, tokens: &TokenStream, paths: &[&str]) -> bool {
        let text = tokens.to_string();
        let last = text.rsplit(' ').next().unwrap_or_default();
        paths.iter().filter(|path| path.rsplit("::").next() == Some(last)).any(|path| {
            let path: syn::Path = syn::parse_str(path).expect("a path written in this crate");
            let written = self.short(&path).map_or(path, syn::Path::from);
            quote!(#written).to_string() == text
        })
    }

    /// Returns a type as this file writes it.
    pub fn shorten(&self, mut ty: syn::Type) -> syn::Type {
        Shorten(self).visit_type_mut(&mut ty);
        ty
    }

    /// Returns the imports for the names that were shortened so far.
    pub fn imports(&self) -> Vec<TokenStream> {
        let imports = self.imports.borrow();
        imports
            .iter()
            .map(|(module, names)| {
                let module: syn::Path = syn::parse_str(module).expect("a module path of this crate's");
                let names = names.iter().map(|name| super::ident(name));
                let names: Vec<_> = names.collect();
                match names.as_slice() {
                    [only] => quote!(use #module::#only;),
                    several => quote!(use #module::{#(#several),*};),
                }
            })
            .collect()
    }

    fn shorten_path(&self, path: &mut syn::Path) {
        let Some(last) = self.short(path) else { return };
        if path.segments[0].ident != "std" {
            self.imports.borrow_mut().entry(module(path)).or_default().insert(last.ident.to_string());
        }
        *path = syn::Path::from(last);
    }

    /// Returns the last segment of an absolute path, unless something in this file hides it.
    fn short(&self, path: &syn::Path) -> Option<syn::PathSegment> {
        let last = path.segments.last().filter(|_| path.leading_colon.is_some())?;
        let name = last.ident.to_string();
        let known = path.segments[0].ident != "std" || PRELUDE.contains(&name.as_str());
        let is_another = |(other, names): (&String, &BTreeSet<String>)| names.contains(&name) && *other != module(path);
        let hidden = self.types.contains(&name) || self.imports.borrow().iter().any(is_another);
        (known && !hidden).then(|| last.clone())
    }
}

/// Returns the module of an absolute path, for example `::std::option`.
fn module(path: &syn::Path) -> String {
    let last = path.segments.len() - 1;
    path.segments.iter().take(last).map(|segment| format!("::{}", segment.ident)).collect()
}

struct Shorten<'a>(&'a Scope);

impl VisitMut for Shorten<'_> {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        self.0.shorten_path(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortened(types: &[&str], ty: &str) -> (String, usize) {
        let scope = Scope::new(types.iter().map(|name| (*name).to_owned()));
        let ty = scope.shorten(syn::parse_str(ty).expect("a type"));
        (quote!(#ty).to_string().replace(' ', ""), scope.imports().len())
    }

    #[test]
    fn what_nothing_hides_is_short() {
        let ty = "::std::option::Option<::crdgen_runtime::Map<::std::string::String>>";
        assert_eq!(shortened(&[], ty), ("Option<Map<String>>".to_owned(), 1));
        assert_eq!(shortened(&["Option", "Map"], ty), (ty.replace("::std::string::", ""), 0));
    }

    #[test]
    fn of_two_types_with_one_name_one_is_imported() {
        assert_eq!(shortened(&[], "::a::Map<::b::Subject, ::c::Subject>"), ("Map<Subject,::c::Subject>".to_owned(), 2));
    }
}
