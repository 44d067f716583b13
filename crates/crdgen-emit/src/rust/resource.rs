//! What a root type implements: the runtime's `Resource` and `kube::Resource`.

use crdgen_model::{Resource, Scope, TypeDef};
use proc_macro2::TokenStream;
use quote::quote;

use super::structs::metadata_type;
use super::{Client, Options, ident, type_ident};

/// The impls of a root.
pub fn impls(def: &TypeDef, resource: &Resource, options: &Options) -> TokenStream {
    let runtime = runtime_impl(def, resource, options);
    let kube = (options.client == Client::Kube).then(|| kube_impl(def, resource));
    quote!(#runtime #kube)
}

fn runtime_impl(def: &TypeDef, resource: &Resource, options: &Options) -> TokenStream {
    let name = type_ident(def);
    let meta = metadata_type(options);
    let Resource { group, version, kind, list_kind, plural, status, selectable_fields, .. } = resource;
    let api_version = format!("{group}/{version}");
    let scope = match resource.scope {
        Scope::Namespaced => quote!(Namespaced),
        Scope::Cluster => quote!(Cluster),
    };
    let scale = match &resource.scale {
        None => quote!(::std::option::Option::None),
        Some(scale) => {
            let (spec, status) = (&scale.spec_replicas_path, &scale.status_replicas_path);
            let selector = match &scale.label_selector_path {
                None => quote!(::std::option::Option::None),
                Some(path) => quote!(::std::option::Option::Some(#path)),
            };
            quote!(::std::option::Option::Some((#spec, #status, #selector)))
        }
    };
    quote! {
        impl ::crdgen_runtime::Resource for #name {
            type Meta = #meta;
            const GROUP: &'static str = #group;
            const VERSION: &'static str = #version;
            const API_VERSION: &'static str = #api_version;
            const KIND: &'static str = #kind;
            const LIST_KIND: &'static str = #list_kind;
            const PLURAL: &'static str = #plural;
            const SCOPE: ::crdgen_runtime::Scope = ::crdgen_runtime::Scope::#scope;
            const STATUS: bool = #status;
            const SCALE: ::std::option::Option<(&'static str, &'static str, ::std::option::Option<&'static str>)> = #scale;
            const SELECTABLE_FIELDS: &'static [&'static str] = &[#(#selectable_fields),*];

            fn metadata(&self) -> &Self::Meta {
                &self.metadata
            }

            fn metadata_mut(&mut self) -> &mut Self::Meta {
                &mut self.metadata
            }
        }
    }
}

fn kube_impl(def: &TypeDef, resource: &Resource) -> TokenStream {
    let name = type_ident(def);
    let scope = match resource.scope {
        Scope::Namespaced => quote!(NamespaceResourceScope),
        Scope::Cluster => quote!(ClusterResourceScope),
    };
    let text = |method: &str, constant: &str| {
        let (method, constant) = (ident(method), ident(constant));
        quote! {
            fn #method(_: &()) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Borrowed(<Self as ::crdgen_runtime::Resource>::#constant)
            }
        }
    };
    let constants = [("kind", "KIND"), ("group", "GROUP"), ("version", "VERSION"), ("plural", "PLURAL")]
        .map(|(method, constant)| text(method, constant));
    let meta = quote!(::k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta);
    quote! {
        impl ::kube::Resource for #name {
            type DynamicType = ();
            type Scope = ::k8s_openapi::#scope;
            #(#constants)*
            fn meta(&self) -> &#meta {
                &self.metadata
            }
            fn meta_mut(&mut self) -> &mut #meta {
                &mut self.metadata
            }
        }
    }
}
