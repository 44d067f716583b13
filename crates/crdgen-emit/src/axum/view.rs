//! The routes to a kind's views: one set of methods and handlers for all of them, generic over the view, so that no name of
//! a view stands in them.

use crdgen_model::{Offer, Resource, Scope};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::tree::Kind;
use crate::api::Api;
use crate::rust;

/// What the file of a kind has for its views; all empty when it has none.
#[derive(Default)]
pub struct Views {
    /// Methods of the trait.
    pub methods: TokenStream,
    /// What joins the router, which is called `router`.
    pub merges: TokenStream,
    /// The router of one view, and its handlers.
    pub items: TokenStream,
}

impl Views {
    /// For the views of a kind.
    pub fn new(api: &Api<'_>, kind: &Kind) -> Self {
        let views: Vec<_> = api.model.views.iter().filter(|view| view.of == kind.id).collect();
        if views.is_empty() {
            return Self::default();
        }
        let reads = reads(api.resource(kind.id));
        if reads.is_empty() {
            return Self::default();
        }
        let module = kind.module();
        let merges = views.into_iter().map(|view| {
            let root = rust::type_ident(api.model.get(view.root));
            let view = if root == "V" { quote!(#root) } else { quote!(#root as V) };
            quote! {
                {
                    use super::super::super::super::#module::#view;
                    router = router.merge(view::<S, T, V>());
                }
            }
        });
        let methods = reads.iter().map(Read::method);
        Self { merges: quote!(#(#merges)*), methods: quote!(#(#methods)*), items: items(&kind.api, &reads) }
    }
}

/// An operation on a view.
struct Read {
    docs: &'static str,
    /// Of the method and of its handler.
    name: Ident,
    /// The runtime's function that makes the path.
    route: Ident,
    /// Names and types.
    parameters: Vec<(Ident, TokenStream)>,
    /// What only the handler extracts.
    form: Option<TokenStream>,
    /// Declares `target`, and `key` where there is one.
    place: TokenStream,
    verb: Ident,
    /// The backend's method with its arguments.
    call: TokenStream,
    answer: TokenStream,
    /// What the handler makes of the answer, and its type.
    reply: (TokenStream, TokenStream),
}

/// The operations that a kind offers on its views.
fn reads(resource: &Resource) -> Vec<Read> {
    let offers = |offer| resource.offers.contains(&offer);
    let is_namespaced = resource.scope == Scope::Namespaced;
    let mut reads = Vec::new();
    if offers(Offer::List) {
        reads.push(list(Reach::Collection, is_namespaced));
        reads.extend(is_namespaced.then(|| list(Reach::Everywhere, is_namespaced)));
    }
    if offers(Offer::Watch) {
        reads.push(watch(Reach::Collection, is_namespaced));
        reads.extend(is_namespaced.then(|| watch(Reach::Everywhere, is_namespaced)));
    }
    if offers(Offer::Get) {
        reads.push(get(is_namespaced));
    }
    reads
}

/// Over which objects something goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Those of a namespace; of a cluster-scoped kind, all.
    Collection,
    /// Those of all namespaces.
    Everywhere,
}

impl Reach {
    /// The namespace as a parameter, if there is one, and as the backend takes it.
    fn namespace(self, is_namespaced: bool) -> (Option<(Ident, TokenStream)>, TokenStream) {
        match self == Self::Collection && is_namespaced {
            true => (Some((ident("namespace"), quote!(Namespace))), quote!(Some(&namespace))),
            false => (None, quote!(None)),
        }
    }
}

fn list(reach: Reach, is_namespaced: bool) -> Read {
    let (docs, name, route) = match reach {
        Reach::Collection => (" Lists views of objects.", "list_view", "view_collection"),
        Reach::Everywhere => (" Lists views of the objects of all namespaces.", "list_all_view", "view_all"),
    };
    let (parameter, place) = reach.namespace(is_namespaced);
    Read {
        docs,
        name: ident(name),
        route: ident(route),
        parameters: parameter.into_iter().chain([(ident("query"), quote!(ListQuery))]).collect(),
        form: None,
        place: quote!(let target = Target::collection::<Object>(#place);),
        verb: ident("List"),
        call: quote!(sight.views(&backend, #place, &query)),
        answer: quote!(ListedViews<V>),
        reply: (quote!(answer.await), quote!(ListedViews<V>)),
    }
}

fn watch(reach: Reach, is_namespaced: bool) -> Read {
    let (docs, name, route) = match reach {
        Reach::Collection => (" Watches views of objects.", "watch_view", "view_changes"),
        Reach::Everywhere => (" Watches views of the objects of all namespaces.", "watch_all_view", "view_all_changes"),
    };
    let (parameter, place) = reach.namespace(is_namespaced);
    Read {
        docs,
        name: ident(name),
        route: ident(route),
        parameters: parameter.into_iter().chain([(ident("query"), quote!(WatchQuery))]).collect(),
        form: Some(quote!(form: WatchForm,)),
        place: quote!(let target = Target::collection::<Object>(#place);),
        verb: ident("Watch"),
        call: quote!(sight.watch_views(&backend, #place, query)),
        answer: quote!(WatchedViews<V>),
        reply: (quote!(answer.await.map(|watch| form.reply(watch))), quote!(Watching)),
    }
}

fn get(is_namespaced: bool) -> Read {
    let (parameter, key) = match is_namespaced {
        true => (Some((ident("namespace"), quote!(Namespace))), quote!(Key::namespaced(namespace, name))),
        false => (None, quote!(Key::cluster(name))),
    };
    Read {
        docs: " Reads a view of an object.",
        name: ident("get_view"),
        route: ident("view_object"),
        parameters: parameter.into_iter().chain([(ident("name"), quote!(Name))]).collect(),
        form: None,
        place: quote!(let key = #key; let target = Target::object::<Object>(&key);),
        verb: ident("Get"),
        call: quote!(sight.view(&backend, &key)),
        answer: quote!(V),
        reply: (quote!(answer.await.map(Seen)), quote!(Seen<V>)),
    }
}

impl Read {
    fn method(&self) -> TokenStream {
        let Self { docs, name, place, verb, call, answer, .. } = self;
        let parameters = self.parameters.iter().map(|(name, ty)| quote!(#name: #ty));
        quote! {
            #[doc = #docs]
            fn #name<V>(
                &self,
                caller: Self::Caller,
                #(#parameters,)*
            ) -> impl ::std::future::Future<Output = Result<#answer, Problem>> + Send
            where
                V: View<Of = Object>,
            {
                async move {
                    #place
                    self.authorize(&caller, Verb::#verb, &target).await?;
                    let (backend, sight) = (self.backend(&caller), self.visible(&caller));
                    Ok(#call.await?)
                }
            }
        }
    }

    fn handler(&self, api: &Ident) -> TokenStream {
        let Self { name, form, reply: (reply, answer), .. } = self;
        let parameters = self.parameters.iter().map(|(name, ty)| quote!(#name: #ty));
        let arguments = self.parameters.iter().map(|(name, _)| name);
        quote! {
            async fn #name<T, V>(
                Call { api, caller }: Call<T, T::Caller>,
                #(#parameters,)*
                #form
            ) -> ::std::result::Result<#answer, Problem>
            where
                T: #api,
                V: View<Of = Object>,
            {
                let answer = api.#name::<V>(caller, #(#arguments),*);
                #reply
            }
        }
    }
}

fn items(api: &Ident, reads: &[Read]) -> TokenStream {
    let paths = reads.iter().map(|Read { route, .. }| quote!(let #route = route::#route::<V>();));
    let routes = reads.iter().map(|Read { route, name, .. }| quote!(.route(&#route, routing::get(#name::<T, V>))));
    let handlers = reads.iter().map(|read| read.handler(api));
    quote! {
        /// The routes to a view.
        fn view<S, T, V>() -> ::axum::Router<S>
        where
            S: Clone + Send + Sync + 'static,
            T: ::axum::extract::FromRef<S>,
            T: #api,
            V: View<Of = Object>,
        {
            #(#paths)*
            ::axum::Router::new()
                #(#routes)*
                .method_not_allowed_fallback(method_not_allowed)
        }

        #(#handlers)*
    }
}

fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
