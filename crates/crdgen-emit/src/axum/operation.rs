//! One operation: the trait's method with its default body, and the handler that calls it.

use crdgen_model::{Offer, Resource, Scope};
use heck::ToUpperCamelCase as _;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::api::{Api, Operation, Segment, Target, Verb};

/// An operation as axum sees it.
pub struct Action<'a> {
    operation: &'a Operation,
    resource: &'a Resource,
    /// The path, for people.
    path: String,
}

/// A parameter of a method: its name, its type, and how a handler extracts it.
struct Parameter {
    name: Ident,
    ty: TokenStream,
    extractor: Extractor,
}

enum Extractor {
    /// The type is its own extractor.
    Itself,
    /// `Body(name): Body<type>`.
    Body,
    /// `Draft(name): Draft<type>`.
    Draft,
}

impl<'a> Action<'a> {
    pub fn new(api: &Api<'a>, operation: &'a Operation) -> Self {
        let write = |segment: &Segment<'_>| match segment {
            Segment::Text(text) => format!("/{text}"),
            Segment::Namespace => "/{namespace}".to_owned(),
            Segment::Name => "/{name}".to_owned(),
        };
        let path = api.path(operation).iter().map(write).collect();
        Self { operation, resource: api.resource(operation.resource), path }
    }

    /// The name of the method and of its handler.
    pub fn name(&self) -> Ident {
        let verb = self.operation.verb.word();
        match self.operation.target {
            Target::Collection | Target::Object => format_ident!("{verb}"),
            Target::AllNamespaces => format_ident!("{verb}_all"),
            Target::Status => format_ident!("{verb}_status"),
            Target::Scale => format_ident!("{verb}_scale"),
        }
    }

    /// The runtime's function that makes the path.
    pub fn route(&self) -> Ident {
        if self.operation.verb == Verb::Watch {
            return match self.operation.target {
                Target::AllNamespaces => format_ident!("all_changes"),
                _ => format_ident!("changes"),
            };
        }
        match self.operation.target {
            Target::Collection => format_ident!("collection"),
            Target::AllNamespaces => format_ident!("all"),
            Target::Object => format_ident!("object"),
            Target::Status => format_ident!("status"),
            Target::Scale => format_ident!("scale"),
        }
    }

    /// The HTTP method, as axum's routing function.
    pub fn http_method(&self) -> Ident {
        match self.operation.verb {
            Verb::List | Verb::Get | Verb::Watch => format_ident!("get"),
            Verb::Create => format_ident!("post"),
            Verb::Replace => format_ident!("put"),
            Verb::Patch => format_ident!("patch"),
            Verb::Delete | Verb::DeleteCollection => format_ident!("delete"),
        }
    }

    /// The method of the trait.
    pub fn method(&self) -> TokenStream {
        let (name, answer) = (self.name(), self.answer());
        let parameters = self.parameters().into_iter().map(|Parameter { name, ty, .. }| quote!(#name: #ty));
        let place = self.place();
        let asked = self.asked();
        let (backend, call) = (self.backend(), self.judged_call());
        let method = self.http_method().to_string().to_uppercase();
        let docs = format!(" {}: `{method} {}`.", self.operation.summary(self.resource), self.path);
        quote! {
            #[doc = #docs]
            fn #name(
                &self,
                caller: Self::Caller,
                #(#parameters,)*
            ) -> impl ::std::future::Future<Output = Result<#answer, Problem>> + Send {
                async move {
                    #place
                    #asked
                    #backend
                    #call
                }
            }
        }
    }

    /// Whether the caller may. rustfmt would break the chain if the longest verb stood in it.
    fn asked(&self) -> TokenStream {
        let verb = self.kube_verb();
        match self.operation.verb {
            Verb::DeleteCollection => quote! {
                let verb = Verb::#verb;
                self.authorize(&caller, verb, &target).await?;
            },
            _ => quote!(self.authorize(&caller, Verb::#verb, &target).await?;),
        }
    }

    /// The backend, writing as the caller wants it.
    fn backend(&self) -> TokenStream {
        match self.operation.verb {
            Verb::List | Verb::Get | Verb::Watch => quote!(let backend = self.backend(&caller);),
            Verb::DeleteCollection => quote! {
                let Deletion { query, options } = deletion;
                let backend = options.on(self.backend(&caller))?;
            },
            Verb::Create | Verb::Replace | Verb::Patch | Verb::Delete => {
                quote!(let backend = options.on(self.backend(&caller))?;)
            }
        }
    }

    /// An apply creates what is not there, if the caller may create, and the project offers it.
    fn settled(&self) -> TokenStream {
        let settled = match self.resource.offers.contains(&Offer::Create) {
            true => quote! {
                if patch.may_create() {
                    let may = self.authorize(&caller, Verb::Create, &target).await;
                    patch.settle(may, backend.get(&key)).await?;
                }
            },
            false => quote!(patch.must_exist(backend.get(&key)).await?;),
        };
        quote!(let mut patch = patch; #settled)
    }

    /// What keeps the caller from what is not seen, then has the service admit the write.
    fn admitted(&self) -> TokenStream {
        let made = match (self.operation.verb, self.operation.target) {
            (Verb::Create, _) => quote!(Write::create(&target, input)),
            (Verb::Replace, Target::Scale) => quote!(Write::scale(&target, &backend, &key, &input)),
            (Verb::Patch, Target::Scale) => quote!(Write::patch_scale(&target, &backend, &key, &patch)),
            (Verb::Replace, _) => quote!(Write::replace(&target, &backend, &key, input)),
            (Verb::Patch, _) => quote!(Write::patch(&target, &backend, &key, &options, patch)),
            (Verb::Delete, _) => quote!(Write::delete(&target, &backend, &key)),
            (Verb::DeleteCollection, _) => quote!(Write::delete_many(&target)),
            (Verb::List | Verb::Get | Verb::Watch, _) => return TokenStream::new(),
        };
        let guarded = match self.operation.verb {
            Verb::Create => TokenStream::new(),
            Verb::DeleteCollection => quote!(let sight = self.visible(&caller);),
            _ => quote! {
                let sight = self.visible(&caller);
                let preconditions = sight.guard(preconditions, backend.get(&key)).await?;
            },
        };
        let admitted = match (self.operation.verb, self.operation.target) {
            (Verb::Replace, Target::Object | Target::Status) | (Verb::Create, _) => {
                quote!(let input = write.into_object()?;)
            }
            (Verb::Delete, _) | (_, Target::Scale) => quote!(let preconditions = write.pinned(preconditions);),
            _ => TokenStream::new(),
        };
        quote! {
            #guarded
            let mut write = #made;
            self.admit(&caller, &mut write).await?;
            #admitted
        }
    }

    /// Calls the backend; what the switch of the validation says is judged.
    fn judged_call(&self) -> TokenStream {
        let (call, admitted, namespace) = (self.backend_call(), self.admitted(), self.backend_namespace());
        let judged = quote! {
            let answer = #call.await?;
            self.validation().answered([&answer]);
            Ok(answer)
        };
        match (self.operation.verb, self.operation.target) {
            (Verb::List, _) => quote! {
                let sight = self.visible(&caller);
                if sight.is_everything() && !self.validation().reads_lists() {
                    return Ok(backend.listing(#namespace, &query).await?);
                }
                let list = #call.await?;
                self.validation().answered(&list.items);
                Ok(sight.list(list).into())
            },
            (Verb::Watch, _) => quote! {
                let sight = self.visible(&caller);
                Ok(sight.watch(&backend, #namespace, query).await?)
            },
            (Verb::Get, Target::Scale) => quote! {
                let (sight, nothing) = (self.visible(&caller), Preconditions::default());
                sight.guard(nothing, backend.get(&key)).await?;
                Ok(#call.await?)
            },
            (Verb::Get, _) => quote! {
                let sight = self.visible(&caller);
                let answer = sight.one(#call.await?)?;
                self.validation().answered([&answer]);
                Ok(answer)
            },
            (Verb::Create, _) => quote! {
                #admitted
                self.validation().creation(&input)?;
                #judged
            },
            (Verb::Replace, Target::Object) => quote! {
                #admitted
                let (validation, stored) = (self.validation(), backend.get(&key));
                validation.replacement(&input, stored).await?;
                #judged
            },
            (Verb::Patch, Target::Object) => {
                let settled = self.settled();
                quote!(#settled #admitted #judged)
            }
            (Verb::DeleteCollection, _) => quote! {
                #admitted
                if sight.is_everything() && !write.was_asked() {
                    return Ok(#call.await?);
                }
                let list = sight.list(backend.list(#namespace, &query).await?);
                for object in &list.items {
                    let key = Key::of(object)?;
                    let target = Target::object::<Object>(&key);
                    let mut write = Write::delete_found(&target, object.clone());
                    self.admit(&caller, &mut write).await?;
                }
                Ok(delete_each(&backend, list).await?)
            },
            (Verb::Delete, _) | (_, Target::Scale) => quote!(#admitted Ok(#call.await?)),
            _ => quote!(#admitted #judged),
        }
    }

    /// The function that axum calls.
    pub fn handler(&self, api: &Ident) -> TokenStream {
        let name = self.name();
        let mut parameters = self.parameters();
        // A shorter name keeps the call in one line of any width.
        for parameter in parameters.iter_mut().filter(|parameter| parameter.name == "options") {
            parameter.name = format_ident!("how");
        }
        let arguments = parameters.iter().map(|parameter| &parameter.name);
        let mut extracted: Vec<_> = parameters.iter().map(Parameter::extracted).collect();
        let (remarks, (reply, answer)) = (self.remarks(), self.reply());
        let (reply, answer) = match remarks.is_empty() {
            true => (reply, quote!(::std::result::Result<#answer, Problem>)),
            false => (quote!(remarks.with(#reply)), quote!(Remarked<#answer>)),
        };
        if self.operation.is_conditional_read() {
            extracted.push(quote!(known: IfNoneMatch));
        }
        if self.operation.verb == Verb::Watch {
            extracted.push(quote!(form: WatchForm));
        }
        quote! {
            async fn #name<T>(
                Call { api, caller }: Call<T, T::Caller>,
                #(#extracted,)*
            ) -> #answer
            where
                T: #api,
            {
                #remarks
                let answer = api.#name(caller, #(#arguments),*);
                #reply
            }
        }
    }

    /// Where the remarks on a write are to be heard.
    fn remarks(&self) -> TokenStream {
        match self.operation.verb {
            Verb::List | Verb::Get | Verb::Watch => TokenStream::new(),
            Verb::DeleteCollection => quote!(let remarks = deletion.options.remarks();),
            Verb::Create | Verb::Replace | Verb::Patch | Verb::Delete => quote!(let remarks = how.remarks();),
        }
    }

    fn parameters(&self) -> Vec<Parameter> {
        let itself = |name: &str, ty| Parameter { name: format_ident!("{name}"), ty, extractor: Extractor::Itself };
        let body = |ty, extractor| Parameter { name: format_ident!("input"), ty, extractor };
        let Operation { verb, target, .. } = *self.operation;
        let mut parameters = Vec::new();
        if self.is_in_namespace() {
            parameters.push(itself("namespace", quote!(Namespace)));
        }
        if !matches!(target, Target::Collection | Target::AllNamespaces) {
            parameters.push(itself("name", quote!(Name)));
        }
        if matches!(verb, Verb::Replace | Verb::Patch | Verb::Delete) {
            parameters.push(itself("preconditions", quote!(Preconditions)));
        }
        if matches!(verb, Verb::Create | Verb::Replace | Verb::Patch | Verb::Delete) {
            parameters.push(itself("options", quote!(WriteOptions)));
        }
        match (verb, target) {
            (Verb::List, _) => parameters.push(itself("query", quote!(ListQuery))),
            (Verb::Watch, _) => parameters.push(itself("query", quote!(WatchQuery))),
            (Verb::DeleteCollection, _) => parameters.push(itself("deletion", quote!(Deletion))),
            (Verb::Patch, Target::Scale) => parameters.push(itself("patch", quote!(MergePatch))),
            (Verb::Patch, _) => parameters.push(itself("patch", quote!(Patch))),
            (Verb::Replace, Target::Scale) => parameters.push(body(quote!(Scale), Extractor::Body)),
            (Verb::Create | Verb::Replace, _) => parameters.push(body(quote!(Object), Extractor::Draft)),
            (Verb::Get | Verb::Delete, _) => {}
        }
        parameters
    }

    fn is_in_namespace(&self) -> bool {
        self.resource.scope == Scope::Namespaced && self.operation.target != Target::AllNamespaces
    }

    /// `target`, and `key` where there is an object, from the parameters.
    fn place(&self) -> TokenStream {
        let target = match self.operation.target {
            Target::Collection if self.is_in_namespace() => {
                return quote!(let target = Target::collection::<Object>(Some(&namespace)););
            }
            Target::Collection | Target::AllNamespaces => {
                return quote!(let target = Target::collection::<Object>(None););
            }
            Target::Object => quote!(object),
            Target::Status => quote!(status),
            Target::Scale => quote!(scale),
        };
        let key = match self.resource.scope {
            Scope::Namespaced => quote!(Key::namespaced(namespace, name)),
            Scope::Cluster => quote!(Key::cluster(name)),
        };
        quote! {
            let key = #key;
            let target = Target::#target::<Object>(&key);
        }
    }

    fn kube_verb(&self) -> Ident {
        let word = if self.operation.verb == Verb::Replace { "update" } else { self.operation.verb.word() };
        format_ident!("{}", word.to_upper_camel_case())
    }

    fn backend_namespace(&self) -> TokenStream {
        match self.is_in_namespace() {
            true => quote!(Some(&namespace)),
            false => quote!(None),
        }
    }

    fn backend_call(&self) -> TokenStream {
        let namespace = self.backend_namespace();
        let name = self.name();
        match (self.operation.verb, self.operation.target) {
            (Verb::List, _) => quote!(backend.list(#namespace, &query)),
            (Verb::Watch, _) => quote!(backend.watch(#namespace, query)),
            (Verb::Create, _) => quote!(backend.create(#namespace, &input)),
            // The status is read with the whole object.
            (Verb::Get, Target::Status) => quote!(backend.get(&key)),
            (Verb::Get, _) => quote!(backend.#name(&key)),
            (Verb::Patch, Target::Object | Target::Status) => {
                quote!(write.change(&backend, &key, &preconditions))
            }
            (Verb::Patch, _) => quote!(backend.#name(&key, &patch, &preconditions)),
            (Verb::Replace, _) => quote!(backend.#name(&key, &input, &preconditions)),
            (Verb::Delete, _) => quote!(backend.delete(&key, &preconditions)),
            (Verb::DeleteCollection, _) => quote!(backend.delete_collection(#namespace, &query)),
        }
    }

    /// What the method answers.
    fn answer(&self) -> TokenStream {
        match (self.operation.verb, self.operation.target) {
            (Verb::List, _) => quote!(Listed<Object>),
            (Verb::DeleteCollection, _) => quote!(List<Object>),
            (Verb::Watch, _) => quote!(Watch<Object>),
            (Verb::Delete, _) => quote!(Deleted<Object>),
            (_, Target::Scale) => quote!(Scale),
            _ => quote!(Object),
        }
    }

    /// How the handler replies with the method's answer.
    fn reply(&self) -> (TokenStream, TokenStream) {
        match (self.operation.verb, self.operation.target) {
            (Verb::List | Verb::Delete | Verb::DeleteCollection, _) | (_, Target::Scale) => {
                (quote!(answer.await), self.answer())
            }
            (Verb::Watch, _) => (quote!(answer.await.map(|watch| form.reply(watch))), quote!(Watching)),
            (Verb::Create, _) => (quote!(answer.await.map(Created)), quote!(Created<Object>)),
            (Verb::Get, _) => (quote!(answer.await.map(|object| known.reply(object))), quote!(Stored<Object>)),
            (Verb::Replace | Verb::Patch, _) => (quote!(answer.await.map(Stored::new)), quote!(Stored<Object>)),
        }
    }
}

impl Parameter {
    fn extracted(&self) -> TokenStream {
        let Self { name, ty, .. } = self;
        match self.extractor {
            Extractor::Itself => quote!(#name: #ty),
            Extractor::Body => quote!(Body(#name): Body<#ty>),
            Extractor::Draft => quote!(Draft(#name): Draft<#ty>),
        }
    }
}
