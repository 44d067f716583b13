//! An operation of a kind: the call of the runtime's builder, and a row of the docs.

use crdgen_model::{ApiOperation, Resource};
use proc_macro2::Ident;
use quote::format_ident;

use crate::api::{Api, Operation, Segment, Target, Verb};

/// Returns the method of `crdgen_runtime::server::Operations` that adds an operation.
pub fn method(operation: &Operation, resource: &Resource) -> Ident {
    let verb = operation.verb.word();
    if operation.view.is_some() {
        return match (operation.verb, operation.target) {
            (Verb::Get, _) => format_ident!("get_view"),
            (_, Target::AllNamespaces) => format_ident!("{verb}_all_views"),
            _ => format_ident!("{verb}_views"),
        };
    }
    match operation.target {
        // An apply creates a missing object, unless the project does not offer `create`.
        Target::Object if operation.verb == Verb::Patch && !resource.operations.contains(&ApiOperation::Create) => {
            format_ident!("patch_existing")
        }
        Target::Collection | Target::Object => format_ident!("{verb}"),
        Target::AllNamespaces => format_ident!("{verb}_all"),
        Target::Status => format_ident!("{verb}_status"),
        Target::Scale => format_ident!("{verb}_scale"),
    }
}

/// Returns a row of the table of operations: id, request and summary.
pub fn row(api: &Api<'_>, operation: &Operation) -> String {
    let write = |segment: &Segment<'_>| match segment {
        Segment::Text(text) => format!("/{text}"),
        Segment::Namespace => "/{namespace}".to_owned(),
        Segment::Name => "/{name}".to_owned(),
    };
    let path: String = api.path(operation).iter().map(write).collect();
    let summary = operation.summary(api.resource(operation.resource));
    format!(" | `{}` | `{} {path}` | {summary} |", operation.id, http_method(operation.verb))
}

fn http_method(verb: Verb) -> &'static str {
    match verb {
        Verb::List | Verb::Get | Verb::Watch => "GET",
        Verb::Create => "POST",
        Verb::Replace => "PUT",
        Verb::Patch => "PATCH",
        Verb::Delete | Verb::DeleteCollection => "DELETE",
    }
}
