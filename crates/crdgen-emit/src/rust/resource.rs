//! What a root type implements: the runtime's `Resource` and `kube::Resource`.

use crdgen_model::{Resource, Scale, Scope as Reach, TypeDef};
use proc_macro2::TokenStream;
use quote::quote;

use super::scope::Scope;
use super::structs::metadata_type;
use super::{Client, Options, ident, schema, type_ident};

/// The impls of a root; `file` is where they stand.
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
    let Resource { group, version, kind, list_kind, plural, status, selectable_fields, .. } = resource;
    let api_version = format!("{group}/{version}");
    let reach = ident(match resource.scope {
        Reach::Namespaced => "Namespaced",
        Reach::Cluster => "Cluster",
    });
    let (trait_name, scopes) = (scope.name("::crdgen_runtime::Resource"), scope.name("::crdgen_runtime::Scope"));
    let scale = resource.scale.as_ref().map(|paths| scale(paths, scope));
    let selectable = (!selectable_fields.is_empty())
        .then(|| quote!(const SELECTABLE_FIELDS: &'static [&'static str] = &[#(#selectable_fields),*];));
    quote! {
        impl #trait_name for #name {
            type Meta = #meta;
            const GROUP: &'static str = #group;
            const VERSION: &'static str = #version;
            const API_VERSION: &'static str = #api_version;
            const KIND: &'static str = #kind;
            const LIST_KIND: &'static str = #list_kind;
            const PLURAL: &'static str = #plural;
            const SCOPE: #scopes = #scopes::#reach;
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

fn scale(paths: &Scale, scope: &Scope) -> TokenStream {
    let Scale { spec_replicas_path, status_replicas_path, label_selector_path } = paths;
    let ty = scope.name("::crdgen_runtime::ScalePaths");
    let (option, some) = (scope.name("::std::option::Option"), scope.name("::std::option::Option::Some"));
    let selector = match label_selector_path {
        Some(path) => quote!(#some(#path)),
        None => scope.name("::std::option::Option::None"),
    };
    quote!(const SCALE: #option<#ty> = #some((#spec_replicas_path, #status_replicas_path, #selector));)
}
