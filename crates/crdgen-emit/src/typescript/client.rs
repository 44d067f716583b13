//! Content of `client.ts`: a function for every operation.

use std::collections::BTreeSet;

use askama::Template;

use super::jsdoc::JsDoc;
use super::literal;
use crate::HEADER;
use crate::api::{Api, Body, Form, Operation as Offered, Segment, Target, Verb, permissions};
use crate::markdown::Dialect;

const PATCH: &str = "{ body: patch, type: patchType(patch), query: options, resourceVersion: params.resourceVersion }";

/// The data of the template.
#[derive(Template)]
#[template(path = "typescript/client.ts.jinja", escape = "none")]
pub struct Client {
    header: &'static str,
    /// The types of parameters that are used.
    types: BTreeSet<&'static str>,
    /// The types of patches that are used.
    patches: BTreeSet<&'static str>,
    operations: Vec<Operation>,
    watches: Vec<Operation>,
    permissions: Option<Permissions>,
}

/// The function that reads the permissions of the caller.
struct Permissions {
    docs: JsDoc,
    id: &'static str,
    answer: String,
    /// The segment of the path, as an expression.
    path: String,
}

/// One function.
struct Operation {
    docs: JsDoc,
    id: String,
    /// Declarations: `name: type`.
    parameters: Vec<String>,
    answer: String,
    method: &'static str,
    /// The segments of the path, as expressions.
    path: String,
    /// Other parts of the request, as an expression.
    sent: &'static str,
}

impl Client {
    /// A function for every operation.
    pub fn new(api: &Api<'_>) -> Self {
        let (watches, operations): (Vec<_>, Vec<_>) =
            api.operations.iter().partition(|offered| offered.verb == Verb::Watch);
        let functions = |offered: Vec<&Offered>| offered.into_iter().map(|offered| operation(api, offered)).collect();
        let mut types: BTreeSet<_> = api.operations.iter().flat_map(|offered| types(api, offered)).collect();
        if api.has_permissions() {
            types.extend(["Api", "CallOptions"]);
        }
        let patches = api.operations.iter().flat_map(patches).copied().collect();
        Self {
            header: HEADER,
            types,
            patches,
            operations: functions(operations),
            watches: functions(watches),
            permissions: permissions(api),
        }
    }
}

fn permissions(api: &Api<'_>) -> Option<Permissions> {
    let docs = format!("{}.\n\n{}", permissions::SUMMARY, permissions::DETAILS);
    api.has_permissions().then(|| Permissions {
        docs: JsDoc::top(Some(&docs)),
        id: permissions::ID,
        answer: api.name(api.builtin.permissions, Form::Read),
        path: literal::string(permissions::PATH),
    })
}

fn operation(api: &Api<'_>, offered: &Offered) -> Operation {
    let (id, form) = api.answer(offered);
    let (method, sent) = match offered.verb {
        Verb::List | Verb::Watch => ("GET", "{ query: params }"),
        Verb::Get => ("GET", "{}"),
        Verb::Create => ("POST", "{ body, query: options }"),
        Verb::Replace => ("PUT", "{ body, query: options, resourceVersion: params.resourceVersion }"),
        Verb::Patch => ("PATCH", PATCH),
        Verb::Delete => ("DELETE", "{ query: options, resourceVersion: params.resourceVersion }"),
        Verb::DeleteCollection => ("DELETE", "{ query: { ...params, ...options } }"),
    };
    Operation {
        docs: docs(api, offered),
        id: offered.id.clone(),
        parameters: parameters(api, offered),
        answer: api.name(id, form),
        method,
        path: path(api, offered),
        sent,
    }
}

/// Returns the JSDoc comment of an operation.
pub(super) fn docs(api: &Api<'_>, offered: &Offered) -> JsDoc {
    let resource = api.resource(offered.resource);
    let mut text =
        format!("{}.\n\n{}", offered.summary(resource), offered.details(resource, api.view(offered), Dialect::JsDoc));
    if resource.deprecated.is_some() {
        text.push_str("\n\n@deprecated");
    }
    JsDoc::top(Some(&text))
}

/// The types of parameters that an operation takes.
pub(super) fn types(api: &Api<'_>, offered: &Offered) -> Vec<&'static str> {
    let options = Some(options(offered.verb)).filter(|_| offered.verb != Verb::Watch);
    ["Api"].into_iter().chain(options).chain(params(api, offered)).collect()
}

/// The type of the last parameter.
pub(super) fn options(verb: Verb) -> &'static str {
    match verb {
        Verb::List | Verb::Get => "CallOptions",
        Verb::Watch => "WatchOptions",
        Verb::Create | Verb::Replace | Verb::Patch => "WriteOptions",
        Verb::Delete | Verb::DeleteCollection => "DeleteOptions",
    }
}

/// Returns the types of the parameters that select the objects.
pub(super) fn params(api: &Api<'_>, offered: &Offered) -> Vec<&'static str> {
    let in_path = api.path(offered).into_iter().filter_map(|segment| match segment {
        Segment::Namespace => Some("InNamespace"),
        Segment::Name => Some("ByName"),
        Segment::Text(_) => None,
    });
    let beside = match offered.verb {
        Verb::List => Some("ListQuery"),
        Verb::Watch => Some("WatchQuery"),
        Verb::DeleteCollection => Some("Selection"),
        Verb::Replace | Verb::Patch | Verb::Delete => Some("AtVersion"),
        Verb::Create | Verb::Get => None,
    };
    in_path.chain(beside).collect()
}

/// The declarations of all parameters.
pub(super) fn parameters(api: &Api<'_>, offered: &Offered) -> Vec<String> {
    let declared = match params(api, offered).as_slice() {
        [] => None,
        [only @ ("ListQuery" | "WatchQuery" | "Selection")] => Some(format!("params: {only} = {{}}")),
        parts => Some(format!("params: {}", parts.join(" & "))),
    };
    let body = body(api, offered).map(|ty| match offered.verb {
        Verb::Patch => format!("patch: {ty}"),
        _ => format!("body: {ty}"),
    });
    let first = "api: Api".to_owned();
    let last = format!("options?: {}", options(offered.verb));
    [Some(first), declared, body, Some(last)].into_iter().flatten().collect()
}

/// The types of patches that an operation takes.
pub(super) fn patches(offered: &Offered) -> &'static [&'static str] {
    match (offered.verb, offered.target) {
        (Verb::Patch, Target::Scale) => &["MergePatch"],
        (Verb::Patch, _) => &["MergePatch", "JsonPatch"],
        _ => &[],
    }
}

/// The type of what is sent.
pub(super) fn body(api: &Api<'_>, offered: &Offered) -> Option<String> {
    match api.body(offered) {
        Body::None => None,
        Body::Whole(id, form) => Some(format!("types.{}", api.name(id, form))),
        Body::MergePatch(id, form) => {
            let ty = format!("types.{}", api.name(id, form));
            let any = patches(offered).iter().map(|patch| patch.replace("MergePatch", &format!("MergePatch<{ty}>")));
            Some(any.collect::<Vec<_>>().join(" | "))
        }
    }
}

fn path(api: &Api<'_>, offered: &Offered) -> String {
    let write = |segment: &Segment<'_>| match segment {
        Segment::Text(text) => literal::string(text),
        Segment::Namespace => "params.namespace".to_owned(),
        Segment::Name => "params.name".to_owned(),
    };
    api.path(offered).iter().map(write).collect::<Vec<_>>().join(", ")
}
