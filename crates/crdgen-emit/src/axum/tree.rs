//! Modules around the kinds: `api`, a module for each group, and a module for each version of a group.

use std::collections::{BTreeMap, BTreeSet};

use crdgen_model::{Model, ResourceId};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::rust;

/// A kind and its place in the module tree.
pub struct Kind {
    /// Index of the resource in the model.
    pub id: ResourceId,
    /// Module names of group, version and kind.
    pub path: [String; 3],
    /// Identifier of the root type.
    pub root: Ident,
}

impl Kind {
    /// Returns the path of the file with the kind's API.
    pub fn file(&self) -> String {
        format!("api/{}.rs", self.path.join("/"))
    }

    /// Returns the modules as a Rust path.
    pub fn module(&self) -> TokenStream {
        let [group, version, kind] = self.path.each_ref().map(|name| ident(name));
        quote!(#group::#version::#kind)
    }
}

/// Returns the kinds of a model, in its order.
pub fn kinds(model: &Model) -> Vec<Kind> {
    let kind = |(index, (resource, path)): (usize, (&crdgen_model::Resource, [String; 3]))| {
        let root = model.get(resource.root);
        Kind { id: ResourceId(index), path, root: rust::type_ident(root) }
    };
    model.resources.iter().zip(rust::module_paths(model)).enumerate().map(kind).collect()
}

/// Returns every `mod.rs`.
pub fn modules(kinds: &[Kind], has_permissions: bool) -> BTreeMap<String, TokenStream> {
    let mut children: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for Kind { path: [group, version, kind], .. } in kinds {
        children.entry(format!("api/{group}")).or_default().insert(version);
        children.entry(format!("api/{group}/{version}")).or_default().insert(kind);
    }
    let module = |(folder, names): (String, BTreeSet<&str>)| {
        let docs = match folder.matches('/').count() {
            1 => " The APIs of this group.",
            _ => " The APIs of this version.",
        };
        let names = names.into_iter().map(ident);
        (format!("{folder}/mod.rs"), quote!(#![doc = #docs] #(pub mod #names;)*))
    };
    let mut files: BTreeMap<_, _> = children.into_iter().map(module).collect();
    files.insert("api/mod.rs".to_owned(), root(kinds, has_permissions));
    files
}

/// Returns `api/mod.rs`: the document, and all routers as one.
fn root(kinds: &[Kind], has_permissions: bool) -> TokenStream {
    let groups: BTreeSet<_> = kinds.iter().map(|kind| kind.path[0].as_str()).collect();
    let groups = groups.into_iter().map(ident);
    let bounds: Vec<_> = kinds
        .iter()
        .map(|kind| {
            let (module, root) = (kind.module(), &kind.root);
            quote!(S: server::Serve<super::#module::#root>)
        })
        .collect();
    let merges = kinds.iter().map(|kind| {
        let module = kind.module();
        quote!(.merge(self::#module::router()))
    });
    let (permissions, merge_permissions) = match has_permissions {
        true => (Some(self::permissions(kinds, &bounds)), Some(quote!(.merge(permissions())))),
        false => (None, None),
    };
    quote! {
        //! The HTTP API: the operations on each kind, and the OpenAPI document.

        use ::crdgen_runtime::server;

        #(pub mod #groups;)*

        /// The OpenAPI document.
        pub const OPENAPI: &str = include_str!("openapi.json");

        /// The route `/openapi.json` to the OpenAPI document.
        pub fn openapi<S>() -> server::Router<S>
        where
            S: Clone + Send + Sync + 'static,
        {
            server::document("/openapi.json", OPENAPI)
        }

        #permissions

        /// All routes, for a service that serves every kind. Their state is the service:
        /// `problems(router()).with_state(service)`, with `crdgen_runtime::server::problems`, answers what has no route with
        /// a problem document too.
        pub fn router<S>() -> server::Router<S>
        where
            S: server::Policy,
            #(#bounds,)*
        {
            openapi() #merge_permissions #(#merges)*
        }
    }
}

/// Returns the function for the route that tells callers their permissions.
fn permissions(kinds: &[Kind], bounds: &[TokenStream]) -> TokenStream {
    let operations = kinds.iter().map(|kind| {
        let module = kind.module();
        quote!(.of(&self::#module::operations::<S>()))
    });
    quote! {
        /// The route `/permissions`: the operations that the caller may run.
        pub fn permissions<S>() -> server::Router<S>
        where
            S: server::Policy,
            #(#bounds,)*
        {
            server::Permissions::new() #(#operations)* .into()
        }
    }
}

/// Returns an identifier that [`rust::module_paths`] made.
fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
