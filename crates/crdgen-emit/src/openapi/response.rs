//! Responses of operations.

use crdgen_model::ApiOperation;
use indexmap::IndexMap;
use openapiv3::{
    Header, HeaderStyle, Link, LinkOperation, MediaType, ParameterSchemaOrContent, ReferenceOr, Response, Responses,
    Schema, SchemaData, SchemaKind, StatusCode, StringType, Type as SchemaType,
};

use super::{Security, schema};
use crate::api::{Api, Form, Operation, Segment, Target, Verb};

/// The media type of objects.
pub const JSON: &str = "application/json";
const EVENTS: &str = "text/event-stream";
const PROBLEM_JSON: &str = "application/problem+json";
const ETAG: &str = "ETag";
const WARNING: &str = "Warning";
const PROBLEM: &str = "Problem";
const UNAUTHORIZED: &str = "Unauthorized";
const FORBIDDEN: &str = "Forbidden";

/// The answers of an operation.
pub fn of(api: &Api<'_>, operation: &Operation, security: &[Security]) -> Responses {
    let failures = failures(operation.verb).iter().map(|&code| (StatusCode::Code(code), failure(code, security)));
    let mut successes = successes(api, operation);
    if may_warn(api, operation) {
        for (_, response) in &mut successes {
            response.headers.insert(WARNING.to_owned(), shared_header(WARNING));
        }
    }
    let successes = successes.into_iter().map(|(code, response)| (code, ReferenceOr::Item(response)));
    Responses { default: Some(problem()), responses: successes.chain(failures).collect(), ..Responses::default() }
}

/// Failures that all operations share: a general one and, if callers authenticate, those of the authentication and the
/// authorisation.
pub fn shared(api: &Api<'_>, security: &[Security]) -> IndexMap<String, ReferenceOr<Response>> {
    if api.operations.is_empty() {
        return IndexMap::new();
    }
    let response = |description: &str| Response {
        description: description.to_owned(),
        content: content(PROBLEM_JSON, schema::reference(&api.name(api.builtin.problem, Form::Read))),
        ..Response::default()
    };
    let mut failures = vec![(PROBLEM, "Reason why the operation failed.")];
    if !security.is_empty() {
        failures.push((UNAUTHORIZED, "The request has no valid credentials."));
        failures.push((FORBIDDEN, "The caller may not run this operation."));
    }
    failures
        .into_iter()
        .map(|(name, description)| (name.to_owned(), ReferenceOr::Item(response(description))))
        .collect()
}

/// Returns the shared response for a failure.
pub fn failure(code: u16, security: &[Security]) -> ReferenceOr<Response> {
    match code {
        401 if !security.is_empty() => shared_response(UNAUTHORIZED),
        403 if !security.is_empty() => shared_response(FORBIDDEN),
        _ => problem(),
    }
}

/// Returns the shared response for a failure that has no other.
pub fn problem() -> ReferenceOr<Response> {
    shared_response(PROBLEM)
}

/// Returns the answer with the permissions of the caller.
pub fn permissions(api: &Api<'_>) -> Response {
    Response {
        description: "The permissions of the caller.".to_owned(),
        content: content(JSON, schema::reference(&api.name(api.builtin.permissions, Form::Read))),
        ..Response::default()
    }
}

fn shared_response(name: &str) -> ReferenceOr<Response> {
    ReferenceOr::ref_(&format!("#/components/responses/{name}"))
}

/// The headers that answers share.
pub fn headers(api: &Api<'_>) -> IndexMap<String, ReferenceOr<Header>> {
    if api.operations.is_empty() {
        return IndexMap::new();
    }
    let headers = [
        (ETAG, "The version of the object, for `If-Match`."),
        (WARNING, "Warnings about a request that succeeded: `299 - \"unknown field \\\"spec.x\\\"\"`."),
    ];
    headers.map(|(name, description)| (name.to_owned(), ReferenceOr::Item(header(description)))).into_iter().collect()
}

fn header(description: &str) -> Header {
    let schema = Schema {
        schema_data: SchemaData::default(),
        schema_kind: SchemaKind::Type(SchemaType::String(StringType::default())),
    };
    Header {
        description: Some(description.to_owned()),
        style: HeaderStyle::Simple,
        required: false,
        deprecated: None,
        format: ParameterSchemaOrContent::Schema(ReferenceOr::Item(schema)),
        example: None,
        examples: IndexMap::new(),
        extensions: IndexMap::new(),
    }
}

/// A body of one media type; several would make generators take the first, or give up.
pub fn content(media_type: &str, schema: ReferenceOr<Schema>) -> IndexMap<String, MediaType> {
    IndexMap::from([(media_type.to_owned(), MediaType { schema: Some(schema), ..MediaType::default() })])
}

fn failures(verb: Verb) -> &'static [u16] {
    match verb {
        Verb::List | Verb::Watch => &[400, 401, 403, 406, 410],
        Verb::DeleteCollection => &[400, 401, 403, 406, 422],
        Verb::Get => &[400, 401, 403, 404, 406],
        Verb::Create => &[400, 401, 403, 404, 406, 409, 413, 415, 422],
        Verb::Replace | Verb::Patch => &[400, 401, 403, 404, 406, 409, 412, 413, 415, 422],
        Verb::Delete => &[400, 401, 403, 404, 406, 409, 412, 422],
    }
}

fn successes(api: &Api<'_>, operation: &Operation) -> Vec<(StatusCode, Response)> {
    let (id, form) = api.answer(operation);
    let answer = |description: &str| Response {
        description: description.to_owned(),
        content: content(JSON, schema::reference(&api.name(id, form))),
        ..Response::default()
    };
    let etag = || IndexMap::from([(ETAG.to_owned(), shared_header(ETAG))]);
    let tagged = |description: &str| Response { headers: etag(), ..answer(description) };
    let known = || Response {
        description: "The caller has the stored version already.".to_owned(),
        headers: etag(),
        ..Response::default()
    };
    match operation.verb {
        Verb::List => vec![(StatusCode::Code(200), answer("One page of objects."))],
        Verb::Get if operation.is_conditional_read() => {
            vec![(StatusCode::Code(200), tagged("The stored object.")), (StatusCode::Code(304), known())]
        }
        Verb::Get if operation.view.is_some() => {
            vec![(StatusCode::Code(200), answer("The fields that the view reads."))]
        }
        Verb::Get => vec![(StatusCode::Code(200), tagged("The stored object."))],
        Verb::Create => {
            let created = Response { links: links(api, operation), ..tagged("The object as stored.") };
            vec![(StatusCode::Code(201), created)]
        }
        Verb::Patch if may_create(api, operation) => {
            let created = tagged("The object as stored. The apply created it.");
            vec![(StatusCode::Code(200), tagged("The object as stored.")), (StatusCode::Code(201), created)]
        }
        Verb::Replace | Verb::Patch => vec![(StatusCode::Code(200), tagged("The object as stored."))],
        Verb::DeleteCollection => vec![(StatusCode::Code(200), answer("The deleted objects."))],
        Verb::Watch => {
            let events = content(EVENTS, schema::reference(&api.name(id, form)));
            let description = "Events until the caller or the server ends the watch.".to_owned();
            vec![(StatusCode::Code(200), Response { description, content: events, ..Response::default() })]
        }
        Verb::Delete => vec![
            (StatusCode::Code(200), answer("The object is deleted.")),
            (StatusCode::Code(202), answer("The object is deleted when its finalizers are removed.")),
        ],
    }
}

fn shared_header(name: &str) -> ReferenceOr<Header> {
    ReferenceOr::ref_(&format!("#/components/headers/{name}"))
}

/// Returns whether an answer may have a warning. A request with an object is warned of unknown fields, and
/// every request of a deprecated version of the deprecation.
fn may_warn(api: &Api<'_>, operation: &Operation) -> bool {
    let sends_object = matches!(operation.verb, Verb::Create | Verb::Replace | Verb::Patch);
    sends_object || api.resource(operation.resource).deprecated.is_some()
}

/// Whether an apply creates what is not there.
fn may_create(api: &Api<'_>, operation: &Operation) -> bool {
    operation.target == Target::Object && api.resource(operation.resource).operations.contains(&ApiOperation::Create)
}

/// From a created object to what can be done with it.
fn links(api: &Api<'_>, create: &Operation) -> IndexMap<String, ReferenceOr<Link>> {
    let follows = |operation: &&Operation| {
        let same = operation.resource == create.resource && operation.view.is_none();
        same && matches!(operation.target, Target::Object | Target::Status | Target::Scale)
    };
    api.operations
        .iter()
        .filter(follows)
        .map(|operation| (operation.id.clone(), ReferenceOr::Item(link(api, operation))))
        .collect()
}

fn link(api: &Api<'_>, operation: &Operation) -> Link {
    let parameters = api.path(operation).into_iter().filter_map(|segment| match segment {
        Segment::Namespace => Some(("namespace".to_owned(), "$request.path.namespace".into())),
        Segment::Name => Some(("name".to_owned(), "$response.body#/metadata/name".into())),
        Segment::Text(_) => None,
    });
    Link {
        description: None,
        operation: LinkOperation::OperationId(operation.id.clone()),
        request_body: None,
        parameters: parameters.collect(),
        server: None,
        extensions: IndexMap::new(),
    }
}
