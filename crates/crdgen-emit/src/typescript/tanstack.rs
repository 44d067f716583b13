//! Content of `tanstack.ts`: options of TanStack Query for every operation except watches.

use std::collections::BTreeSet;

use askama::Template;
use crdgen_model::ResourceId;

use super::jsdoc::JsDoc;
use super::{client, literal};
use crate::HEADER;
use crate::api::{Api, Form, Operation, Verb};

/// The data of the template.
#[derive(Template)]
#[template(path = "typescript/tanstack.ts.jinja", escape = "none")]
pub struct Tanstack {
    header: &'static str,
    /// The functions of TanStack Query that are used.
    imports: BTreeSet<&'static str>,
    /// The types of parameters that are used.
    types: BTreeSet<&'static str>,
    /// The types of patches that are used.
    patches: BTreeSet<&'static str>,
    /// Whether some operation takes a body.
    bodies: bool,
    kinds: Vec<Kind>,
}

/// The operations of a kind.
struct Kind {
    name: String,
    /// Common beginning of all query keys, as expressions.
    key: String,
    reads: Vec<Read>,
    writes: Vec<Write>,
}

struct Read {
    docs: JsDoc,
    id: String,
    /// Declarations: `name: type`.
    parameters: Vec<String>,
    /// Whether it answers pages.
    pages: bool,
}

struct Write {
    docs: JsDoc,
    id: String,
    /// `params, body`
    names: &'static str,
    /// Their declarations.
    variables: String,
    /// Arguments of the operation.
    arguments: &'static str,
    /// The type of its options.
    options: &'static str,
}

impl Tanstack {
    /// Options for every operation.
    pub fn new(api: &Api<'_>) -> Self {
        let used = || api.operations.iter().filter(|operation| operation.verb != Verb::Watch);
        let ids: BTreeSet<ResourceId> = used().map(|operation| operation.resource).collect();
        let kinds = ids.into_iter().map(|id| kind(api, id, used().filter(|used| used.resource == id))).collect();
        let types = used().flat_map(|operation| client::types(api, operation)).collect();
        Self {
            header: HEADER,
            imports: used().flat_map(|operation| imports(operation.verb)).copied().collect(),
            types,
            patches: used().flat_map(client::patches).copied().collect(),
            bodies: used().any(|operation| client::body(api, operation).is_some()),
            kinds,
        }
    }
}

fn imports(verb: Verb) -> &'static [&'static str] {
    match verb {
        Verb::List => &["queryOptions", "infiniteQueryOptions"],
        Verb::Get => &["queryOptions"],
        _ => &["mutationOptions"],
    }
}

fn kind<'a>(api: &Api<'_>, id: ResourceId, operations: impl Iterator<Item = &'a Operation>) -> Kind {
    let resource = api.resource(id);
    let key = [format!("{}/{}", resource.group, resource.version), resource.plural.clone()];
    let mut kind = Kind {
        name: api.name(resource.root, Form::Read),
        key: key.map(|text| literal::string(&text)).join(", "),
        reads: Vec::new(),
        writes: Vec::new(),
    };
    for operation in operations {
        match operation.verb {
            Verb::List | Verb::Get => kind.reads.push(read(api, operation)),
            _ => kind.writes.push(write(api, operation)),
        }
    }
    kind
}

fn read(api: &Api<'_>, operation: &Operation) -> Read {
    Read {
        docs: client::docs(api, operation),
        id: operation.id.clone(),
        parameters: client::parameters(api, operation),
        pages: operation.verb == Verb::List,
    }
}

fn write(api: &Api<'_>, operation: &Operation) -> Write {
    let params = client::params(api, operation);
    let body = client::body(api, operation);
    let (names, arguments) = match (params.is_empty(), &body) {
        (true, None) => ("", "api, options"),
        (true, Some(_)) => ("body", "api, body, options"),
        (false, None) => ("params", "api, params, options"),
        (false, Some(_)) => ("params, body", "api, params, body, options"),
    };
    let params = (!params.is_empty()).then(|| format!("params: {}", params.join(" & ")));
    let body = body.map(|ty| format!("body: {ty}"));
    Write {
        docs: client::docs(api, operation),
        id: operation.id.clone(),
        names,
        variables: params.into_iter().chain(body).collect::<Vec<_>>().join("; "),
        arguments,
        options: client::options(operation.verb),
    }
}
