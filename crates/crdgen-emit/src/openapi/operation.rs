//! Paths, operations and tags.

use std::collections::BTreeSet;

use crdgen_model::Resource;
use indexmap::IndexMap;
use openapiv3::{Operation as Written, PathItem, ReferenceOr, RequestBody, Tag};

use super::{Options, parameter, permissions, response, schema};
use crate::api::{Api, Body, Description, Docs, Operation, Prose, Segment, Target, Verb};
use crate::article::with_article_in_code;
use crate::markdown::Dialect;

/// A patch has one media type, as generators take only the first.
const MERGE_PATCH: &str = "application/merge-patch+json";

/// Paths in the order of their first operations, each with its operations.
pub struct Paths<'a> {
    api: &'a Api<'a>,
    options: &'a Options,
    operations: IndexMap<String, Vec<&'a Operation>>,
}

impl<'a> Paths<'a> {
    /// Collects the operations of an API by their paths.
    pub fn new(api: &'a Api<'a>, options: &'a Options) -> Self {
        let mut operations: IndexMap<String, Vec<&Operation>> = IndexMap::new();
        for operation in &api.operations {
            operations.entry(path(api, operation)).or_default().push(operation);
        }
        Self { api, options, operations }
    }

    /// Returns each path with its item, which is made when the iterator gets there.
    pub fn items(&self) -> impl Iterator<Item = (String, PathItem)> {
        let items = self.operations.iter().map(|(path, operations)| (path.clone(), self.item(operations)));
        let permissions = self.api.has_permissions().then(permissions::path);
        items.chain(permissions.map(|path| (path, permissions::item(self.api, self.options))))
    }

    fn item(&self, operations: &[&Operation]) -> PathItem {
        let mut item = PathItem::default();
        for operation in operations {
            let place = match operation.verb {
                Verb::List | Verb::Get | Verb::Watch => &mut item.get,
                Verb::Create => &mut item.post,
                Verb::Replace => &mut item.put,
                Verb::Patch => &mut item.patch,
                Verb::Delete | Verb::DeleteCollection => &mut item.delete,
            };
            *place = Some(write(self.api, operation, self.options));
        }
        item
    }
}

/// One tag a kind, with what its newest version says of it.
pub fn tags(api: &Api<'_>, docs: Docs) -> Vec<Tag> {
    let mut seen = BTreeSet::new();
    let new = |resource: &&Resource| seen.insert(resource.tag.clone());
    let write = |resource: &Resource| Tag {
        name: resource.tag.clone(),
        description: Some(about(api, resource, docs)),
        ..Tag::default()
    };
    let mut tags: Vec<_> = api.model.resources.iter().filter(new).map(write).collect();
    let of_permissions = permissions::tag();
    if api.has_permissions() && tags.iter().all(|tag| tag.name != of_permissions.name) {
        tags.push(of_permissions);
    }
    tags
}

fn about(api: &Api<'_>, resource: &Resource, docs: Docs) -> String {
    let said = api
        .model
        .get(resource.root)
        .docs
        .as_deref()
        .and_then(|text| Description::of_text(text, Prose::markdown(first(docs), Dialect::OpenApi)));
    said.unwrap_or_else(|| format!("Objects of the kind {}.", resource.kind))
}

fn first(docs: Docs) -> Docs {
    match docs {
        Docs::None => Docs::None,
        Docs::FirstParagraph | Docs::Full => Docs::FirstParagraph,
    }
}

fn path(api: &Api<'_>, operation: &Operation) -> String {
    let write = |segment: &Segment<'_>| match segment {
        Segment::Text(text) => format!("/{text}"),
        Segment::Namespace => "/{namespace}".to_owned(),
        Segment::Name => "/{name}".to_owned(),
    };
    api.path(operation).iter().map(write).collect()
}

fn write(api: &Api<'_>, operation: &Operation, options: &Options) -> Written {
    let resource = api.resource(operation.resource);
    Written {
        tags: vec![resource.tag.clone()],
        summary: Some(operation.summary(resource)),
        description: (options.docs != Docs::None)
            .then(|| operation.details(resource, api.view(operation), Dialect::OpenApi)),
        operation_id: Some(operation.id.clone()),
        parameters: parameter::of(api, operation),
        request_body: body(api, operation).map(ReferenceOr::Item),
        responses: response::of(api, operation, &options.security),
        deprecated: resource.deprecated.is_some(),
        extensions: extensions(operation),
        ..Written::default()
    }
}

/// Generators that know streams by their media type need nothing more; others can leave such operations out by this.
fn extensions(operation: &Operation) -> IndexMap<String, serde_json::Value> {
    let is_stream = operation.verb == Verb::Watch;
    is_stream.then(|| ("x-crdgen-stream".to_owned(), "sse".into())).into_iter().collect()
}

fn body(api: &Api<'_>, operation: &Operation) -> Option<RequestBody> {
    let (description, content) = match api.body(operation) {
        Body::None => return None,
        Body::Whole(id, form) => {
            let description = match operation.target {
                Target::Status => "The object as it was read, with its new status.".to_owned(),
                _ => "The object.".to_owned(),
            };
            (description, response::content(response::JSON, schema::reference(&api.name(id, form))))
        }
        Body::MergePatch(id, form) => {
            let description =
                format!("Changes to {}; null removes a field.", with_article_in_code(&api.name(id, form)));
            (description, response::content(MERGE_PATCH, ReferenceOr::Item(schema::any_object())))
        }
    };
    Some(RequestBody { description: Some(description), content, required: true, ..RequestBody::default() })
}
