//! The file of a kind: its trait, the handlers that call it, and its router.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::operation::{Action, view_ident};
use super::tree::Kind;
use crate::api::Api;
use crate::rust;

/// The file's content.
pub fn file(api: &Api<'_>, kind: &Kind) -> TokenStream {
    let resource = api.resource(kind.id);
    let operations = api.operations.iter().filter(|operation| operation.resource == kind.id);
    let actions: Vec<_> = operations.map(|operation| Action::new(api, operation)).collect();

    let methods = actions.iter().map(Action::method);
    let handlers = actions.iter().map(|action| action.handler(&kind.api));
    let (module, root, name) = (kind.module(), &kind.root, &kind.api);
    let object = if root == "Object" { quote!(#root) } else { quote!(#root as Object) };
    let views = api.model.views.iter().filter(|view| view.of == kind.id).map(|view| {
        let (root, name) = (rust::type_ident(api.model.get(view.root)), view_ident(view));
        quote!(use super::super::super::super::#module::#root as #name;)
    });
    let docs = format!(" The HTTP API of `{}` (`{}/{}`).", resource.kind, resource.group, resource.version);
    let trait_docs = format!(
        " What a service does for `{}`. Every operation asks [`authorize`](Self::authorize), then goes to the",
        resource.kind
    );
    let router = router(kind, &actions);
    quote! {
        #![doc = #docs]

        use super::super::super::super::#module::#object;
        #(#views)*
        use ::axum::routing;
        use ::crdgen_runtime::server::prelude::*;

        #[doc = #trait_docs]
        /// [`backend`](Self::backend). A service overrides what it does differently; an override asks for itself.
        pub trait #name
        where
            Self: Clone + Send + Sync + 'static,
        {
            /// Who calls, as an extractor that has the service as its state.
            type Caller: ::axum::extract::FromRequestParts<Self> + Send + Sync;

            /// Where the objects that this caller works on are kept.
            fn backend(&self, caller: &Self::Caller) -> impl Backend<Object>;

            /// Whether the caller may.
            fn authorize(
                &self,
                caller: &Self::Caller,
                verb: Verb,
                target: &Target,
            ) -> impl ::std::future::Future<Output = Result<(), Problem>> + Send;

            #(#methods)*
        }

        #router

        #(#handlers)*
    }
}

fn router(kind: &Kind, actions: &[Action<'_>]) -> TokenStream {
    let name = &kind.api;
    let paths: BTreeMap<_, _> = actions.iter().map(|action| (action.path_variable(), action.route())).collect();
    let paths = paths.into_iter().map(|(path, route)| quote!(let #path = #route;));
    let routes = actions.iter().map(|action| {
        let (path, method, handler) = (action.path_variable(), action.http_method(), action.name());
        quote!(.route(&#path, routing::#method(#handler::<T>)))
    });
    quote! {
        /// The routes to the operations. The service is taken from the router's state, which stays the caller's choice.
        pub fn router<S, T>() -> ::axum::Router<S>
        where
            S: Clone + Send + Sync + 'static,
            T: ::axum::extract::FromRef<S>,
            T: #name,
        {
            #(#paths)*
            ::axum::Router::new()
                #(#routes)*
                .method_not_allowed_fallback(method_not_allowed)
        }
    }
}
