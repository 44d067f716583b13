//! Impls of a root type: the runtime's `Resource` and `kube::Resource`.

use crdgen_model::{Column, Resource, Scale, Scope as Reach, TypeDef};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::envelope::metadata_type;
use super::scope::Scope;
use super::{Client, Options, ident, schema, type_ident};

/// Returns the impls of a root type that is in `file`.
pub fn impls(def: &TypeDef, resource: &Resource, file: &str, scope: &Scope, options: &Options) -> TokenStream {
    let runtime = runtime_impl(def, resource, file, scope, options);
    let kube = (options.client == Client::Kube).then(|| {
        let name = type_ident(def);
        let reach = ident(match resource.scope {
            Reach::Namespaced => "NamespaceResourceScope",
            Reach::Cluster => "ClusterResourceScope",
        });
        quote!(::crdgen_runtime::kube_resource!(#name, #reach);)
    });
    quote!(#runtime #kube)
}

fn runtime_impl(def: &TypeDef, resource: &Resource, file: &str, scope: &Scope, options: &Options) -> TokenStream {
    let schema = schema::path(file.rsplit('/').next().unwrap_or(file));
    let name = type_ident(def);
    let meta = metadata_type(options, scope);
    let Resource { group, version, kind, list_kind, plural, singular, status, .. } = resource;
    let api_version = format!("{group}/{version}");
    let reach = ident(match resource.scope {
        Reach::Namespaced => "Namespaced",
        Reach::Cluster => "Cluster",
    });
    let (trait_name, scopes) = (scope.name("::crdgen_runtime::Resource"), scope.name("::crdgen_runtime::Scope"));
    let scale = resource.scale.as_ref().map(|paths| scale(paths, scope));
    let short_names = texts("SHORT_NAMES", &resource.short_names);
    let categories = texts("CATEGORIES", &resource.categories);
    let selectable = texts("SELECTABLE_FIELDS", &resource.selectable_fields);
    let deprecated = resource.deprecated.as_deref().map(|warning| deprecated(warning, scope));
    let columns = (!resource.columns.is_empty()).then(|| columns(&resource.columns, scope));
    quote! {
        impl #trait_name for #name {
            type Meta = #meta;
            const GROUP: &'static str = #group;
            const VERSION: &'static str = #version;
            const API_VERSION: &'static str = #api_version;
            const KIND: &'static str = #kind;
            const LIST_KIND: &'static str = #list_kind;
            const PLURAL: &'static str = #plural;
            const SINGULAR: &'static str = #singular;
            #short_names
            #categories
            #columns
            const SCOPE: #scopes = #scopes::#reach;
            #deprecated
            const STATUS: bool = #status;
            #scale
            #selectable
            const SCHEMA: &'static str = include_str!(#schema);

            fn metadata(&self) -> &Self::Meta {
                &self.metadata
            }

            fn metadata_mut(&mut self) -> &mut Self::Meta {
                &mut self.metadata
            }
        }
    }
}

/// Returns a constant with these texts, or `None` if there are none.
fn texts(constant: &str, texts: &[String]) -> Option<TokenStream> {
    let constant = ident(constant);
    (!texts.is_empty()).then(|| quote!(const #constant: &'static [&'static str] = &[#(#texts),*];))
}

fn deprecated(warning: &str, scope: &Scope) -> TokenStream {
    let (option, warning) = (scope.name("::std::option::Option"), optional(Some(warning), scope));
    quote!(const DEPRECATED: #option<&'static str> = #warning;)
}

fn columns(columns: &[Column], scope: &Scope) -> TokenStream {
    let ty = scope.name("::crdgen_runtime::Column");
    let columns = columns.iter().map(|Column { name, type_, format, description, json_path, priority, .. }| {
        let priority = Literal::i64_unsuffixed(*priority);
        let (format, description) = (optional(format.as_deref(), scope), optional(description.as_deref(), scope));
        quote!(#ty {
            name: #name,
            type_: #type_,
            format: #format,
            description: #description,
            json_path: #json_path,
            priority: #priority,
        })
    });
    quote!(const COLUMNS: &'static [#ty] = &[#(#columns),*];)
}

fn optional(text: Option<&str>, scope: &Scope) -> TokenStream {
    match text {
        Some(text) => {
            let some = scope.name("::std::option::Option::Some");
            quote!(#some(#text))
        }
        None => scope.name("::std::option::Option::None"),
    }
}

fn scale(paths: &Scale, scope: &Scope) -> TokenStream {
    let Scale { spec_replicas_path, status_replicas_path, label_selector_path } = paths;
    let ty = scope.name("::crdgen_runtime::ScalePaths");
    let (option, some) = (scope.name("::std::option::Option"), scope.name("::std::option::Option::Some"));
    let selector = optional(label_selector_path.as_deref(), scope);
    quote!(const SCALE: #option<#ty> = #some((#spec_replicas_path, #status_replicas_path, #selector));)
}
