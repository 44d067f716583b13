//! The file of a kind: its trait, the handlers that call it, and its router.

use crdgen_model::Resource;
use proc_macro2::TokenStream;
use quote::quote;

use super::operation::Action;
use super::tree::Kind;
use super::view::Views;
use crate::api::Api;

/// The file's content.
pub fn file(api: &Api<'_>, kind: &Kind) -> TokenStream {
    let resource = api.resource(kind.id);
    let operations =
        api.operations.iter().filter(|operation| operation.resource == kind.id && operation.view.is_none());
    let actions: Vec<_> = operations.map(|operation| Action::new(api, operation)).collect();

    let methods = actions.iter().map(Action::method);
    let handlers = actions.iter().map(|action| action.handler(&kind.api));
    let (module, root, name) = (kind.module(), &kind.root, &kind.api);
    let object = if root == "Object" { quote!(#root) } else { quote!(#root as Object) };
    let docs = format!(" The HTTP API of `{}` (`{}/{}`).", resource.kind, resource.group, resource.version);
    let trait_docs = format!(
        " What a service does for `{}`. Every operation asks [`authorize`](Self::authorize), then goes to the",
        resource.kind
    );
    let Views { methods: view_methods, merges, items: view_items } = Views::new(api, kind);
    let router = router(kind, resource, &actions, &merges);
    quote! {
        #![doc = #docs]

        use super::super::super::super::#module::#object;
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

            /// Which objects the caller sees: all of them. To whom an object is hidden it is not there, in lists and watches
            /// as for reads and writes; a list whose caller sees everything is passed on without being looked at.
            fn visible(&self, caller: &Self::Caller) -> Sight<Object> {
                let _ = caller;
                Sight::everything()
            }

            /// Looks at a write before the backend is asked, and may change or refuse it: it is stored as it was sent. What
            /// the write does not have at hand is read only when it is asked for.
            fn admit(
                &self,
                caller: &Self::Caller,
                write: &mut Write<'_, Object>,
            ) -> impl ::std::future::Future<Output = Result<(), Problem>> + Send {
                let _ = (caller, write);
                ::std::future::ready(Ok(()))
            }

            /// Which objects are judged here, before and after the backend has seen them: none.
            fn validation(&self) -> &Validation {
                Validation::off()
            }

            #(#methods)*
            #view_methods
        }

        #router

        #(#handlers)*

        #view_items
    }
}

fn router(kind: &Kind, resource: &Resource, actions: &[Action<'_>], merges: &TokenStream) -> TokenStream {
    let name = &kind.api;
    let mut paths: Vec<_> = actions.iter().map(Action::route).collect();
    paths.sort_unstable();
    paths.dedup();
    let paths = paths.into_iter().map(|path| quote!(let #path = route::#path::<Object>();));
    let routes = actions.iter().map(|action| {
        let (path, method, handler) = (action.route(), action.http_method(), action.name());
        quote!(.route(&#path, routing::#method(#handler::<T>)))
    });
    let routes = quote! {
        ::axum::Router::new()
            #(#routes)*
            .method_not_allowed_fallback(method_not_allowed)
    };
    let body = match (merges.is_empty(), resource.deprecated.is_some()) {
        (true, false) => routes,
        (true, true) => quote!(let router = #routes; deprecated::<Object, S>(router)),
        (false, false) => quote!(let mut router = #routes; #merges router),
        (false, true) => quote!(let mut router = #routes; #merges deprecated::<Object, S>(router)),
    };
    quote! {
        /// The routes to the operations. The service is taken from the router's state, which stays the caller's choice.
        pub fn router<S, T>() -> ::axum::Router<S>
        where
            S: Clone + Send + Sync + 'static,
            T: ::axum::extract::FromRef<S>,
            T: #name,
        {
            #(#paths)*
            #body
        }
    }
}
