//! The operation that tells callers their permissions.

use openapiv3::{Operation, Parameter, PathItem, ReferenceOr, Responses, StatusCode, Tag};

use super::{Options, parameter, response};
use crate::api::{Api, Docs, permissions};

const TAG: &str = "Permissions";

/// Returns the path of the operation.
pub fn path() -> String {
    format!("/{}", permissions::PATH)
}

/// Returns the operation with its path.
pub fn item(api: &Api<'_>, options: &Options) -> PathItem {
    let failures = [400, 401].map(|code| (StatusCode::Code(code), response::failure(code, &options.security)));
    let success = (StatusCode::Code(200), ReferenceOr::Item(response::permissions(api)));
    let operation = Operation {
        tags: vec![TAG.to_owned()],
        summary: Some(permissions::SUMMARY.to_owned()),
        description: (options.docs != Docs::None).then(|| permissions::DETAILS.to_owned()),
        operation_id: Some(permissions::ID.to_owned()),
        parameters: vec![ReferenceOr::Item(namespace())],
        responses: Responses {
            default: Some(response::problem()),
            responses: [success].into_iter().chain(failures).collect(),
            ..Responses::default()
        },
        ..Operation::default()
    };
    PathItem { get: Some(operation), ..PathItem::default() }
}

/// Returns the tag of the operation.
pub fn tag() -> Tag {
    let description = "Permissions of the caller.".to_owned();
    Tag { name: TAG.to_owned(), description: Some(description), ..Tag::default() }
}

fn namespace() -> Parameter {
    parameter::namespace_query("Namespace that the question is about. All namespaces if absent.")
}
