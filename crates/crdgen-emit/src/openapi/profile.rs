//! A document made to fit one tool that cannot read what all others can.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use openapiv3::{MediaType, OpenAPI, ReferenceOr, RequestBody, Response, Schema, SchemaKind, StatusCode, Type};
use serde_json::json;

use super::Profile;
use super::response::JSON;

/// Fits a document to its readers.
pub fn apply(document: &mut OpenAPI, profile: Profile) {
    if profile == Profile::Standard {
        return;
    }
    let items = document.paths.paths.values_mut().filter_map(|item| match item {
        ReferenceOr::Item(item) => Some(item),
        ReferenceOr::Reference { .. } => None,
    });
    let operations = items.flat_map(|item| {
        let all = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        all.into_iter().flatten()
    });
    for operation in operations {
        operation.request_body.iter_mut().for_each(body);
        let responses = &mut operation.responses;
        // A default would be what success answers, too.
        if let Some(failure) = responses.default.take() {
            responses.responses.extend([4, 5].map(|range| (StatusCode::Range(range), failure.clone())));
        }
        responses.responses.values_mut().for_each(response);
    }
    if let Some(components) = &mut document.components {
        components.responses.values_mut().for_each(response);
        components.request_bodies.values_mut().for_each(body);
        components.schemas.values_mut().for_each(schema);
    }
}

fn body(body: &mut ReferenceOr<RequestBody>) {
    if let ReferenceOr::Item(body) = body {
        plain(&mut body.content);
    }
}

fn response(response: &mut ReferenceOr<Response>) {
    if let ReferenceOr::Item(response) = response {
        plain(&mut response.content);
    }
}

/// An enum of whose values progenitor can make no names is a string.
fn schema(schema: &mut ReferenceOr<Schema>) {
    let ReferenceOr::Item(Schema { schema_data, schema_kind: SchemaKind::Type(Type::String(string)) }) = schema else {
        return;
    };
    // Characters that no identifier holds become the same one, and words begin with a capital.
    let names = string.enumeration.iter().flatten();
    let names = names.map(|value| value.replace(|c: char| !c.is_ascii_alphanumeric(), "x").to_lowercase());
    if names.collect::<BTreeSet<_>>().len() < string.enumeration.len() {
        let values = std::mem::take(&mut string.enumeration);
        schema_data.extensions.shift_remove("x-enum-varnames");
        schema_data.extensions.insert("x-crdgen-validation".to_owned(), json!([{ "enum": values }]));
    }
}

/// `application/anything+json` is `application/json` to whoever knows no other.
fn plain(content: &mut IndexMap<String, MediaType>) {
    let name = |media_type: &str| if media_type.ends_with("+json") { JSON.to_owned() } else { media_type.to_owned() };
    *content = content.drain(..).map(|(media_type, body)| (name(&media_type), body)).collect();
}
