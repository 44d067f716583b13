//! File of a kind: the list of its operations and their routes.

use proc_macro2::TokenStream;
use quote::quote;

use super::operation;
use super::tree::Kind;
use crate::api::{Api, Operation};
use crate::rust;

/// Returns the content of the file.
pub fn file(api: &Api<'_>, kind: &Kind) -> TokenStream {
    let resource = api.resource(kind.id);
    let operations: Vec<_> = api.operations.iter().filter(|operation| operation.resource == kind.id).collect();
    let (module, root) = (kind.module(), &kind.root);
    let object = if root == "Object" { quote!(#root) } else { quote!(#root as Object) };
    let docs = format!(" The HTTP API of `{}` (`{}/{}`).", resource.kind, resource.group, resource.version);
    let rows = operations.iter().map(|operation| operation::row(api, operation));
    let own = operations.iter().filter(|operation| operation.view.is_none()).map(|operation| {
        let (method, id) = (operation::method(operation, resource), &operation.id);
        quote!(.#method(#id))
    });
    let own = quote!(Operations::new() #(#own)*);
    let body = match views(api, kind, &operations).split_last() {
        None => own,
        Some((last, others)) => quote! {
            let operations = #own;
            #(let operations = #others;)*
            #last
        },
    };
    quote! {
        #![doc = #docs]
        //!
        //! A service implements `crdgen_runtime::server::Serve` for the kind; the steps of each operation are documented there.
        //!
        //! | operation | request | |
        //! |---|---|---|
        #(#![doc = #rows])*

        use super::super::super::super::#module::#object;
        use super::super::super::server::{Operations, Router, Serve};

        /// The operations on the kind, for a service that serves it.
        pub fn operations<S: Serve<Object>>() -> Operations<S, Object> {
            #body
        }

        /// The routes to the operations. Their state is the service.
        pub fn router<S: Serve<Object>>() -> Router<S> {
            operations().into()
        }
    }
}

/// Returns the operations on views, with a block for each view, so that the names of views cannot collide
/// with other names.
fn views(api: &Api<'_>, kind: &Kind, operations: &[&Operation]) -> Vec<TokenStream> {
    let (module, resource) = (kind.module(), api.resource(kind.id));
    let views = api.model.views.iter().enumerate().filter(|(_, view)| view.of == kind.id);
    let blocks = views.filter_map(|(index, view)| {
        let of_view = operations.iter().filter(|operation| operation.view == Some(index));
        let calls: Vec<_> = of_view
            .map(|operation| {
                let (method, id) = (operation::method(operation, resource), &operation.id);
                quote!(.#method::<V>(#id))
            })
            .collect();
        let root = rust::type_ident(api.model.get(view.root));
        let view = if root == "V" { quote!(#root) } else { quote!(#root as V) };
        let block = quote! {
            {
                use super::super::super::super::#module::#view;
                operations #(#calls)*
            }
        };
        (!calls.is_empty()).then_some(block)
    });
    blocks.collect()
}
