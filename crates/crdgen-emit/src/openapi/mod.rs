//! OpenAPI 3.0.3: one document for all resources, in a dialect that every generator reads.
//!
//! Written from the model and never copied from a CRD. Every object and every enum is a component; nothing is anonymous but
//! lists and maps. What only validates and what generators stumble over goes into `x-` extensions.

pub(crate) mod bounds;
mod markdown;
mod operation;
mod parameter;
mod response;
mod schema;

use crdgen_model::Model;
use indexmap::IndexMap;
use openapiv3::{Components, Info, OpenAPI, Server};

use crate::api::Api;
pub use crate::api::Docs;
use crate::invisible::escape_json;
use crate::{Error, Files, HEADER};

/// What can be chosen.
#[derive(Clone, Debug)]
pub struct Options {
    /// The document's title.
    pub title: String,
    /// The version of the API that the document describes.
    pub version: String,
    /// How much of the CRDs' descriptions is kept.
    pub docs: Docs,
}

impl Default for Options {
    fn default() -> Self {
        Self { title: "Kubernetes custom resources".to_owned(), version: "1.0.0".to_owned(), docs: Docs::Full }
    }
}

/// Writes `openapi.json`.
pub fn emit(model: &Model, options: &Options) -> Result<Files, Error> {
    let document = document(model, options);
    let text = serde_json::to_string_pretty(&document).map_err(|error| failure(&error))?;
    let text = escape_json(&text) + "\n";
    check(&document, &text)?;
    Ok(Files::from([("openapi.json".to_owned(), text)]))
}

fn document(model: &Model, options: &Options) -> OpenAPI {
    let api = Api::new(model);
    OpenAPI {
        openapi: "3.0.3".to_owned(),
        info: Info {
            title: options.title.clone(),
            description: Some("Custom resources of a Kubernetes API.".to_owned()),
            version: options.version.clone(),
            ..Info::default()
        },
        servers: vec![Server { url: "/".to_owned(), ..Server::default() }],
        paths: operation::paths(&api, options.docs),
        components: Some(Components {
            schemas: schema::schemas(&api, options.docs),
            responses: response::shared(&api),
            parameters: parameter::shared(&api),
            headers: response::headers(&api),
            ..Components::default()
        }),
        // Who may call is the service's own affair: the document asks for nothing.
        security: Some(Vec::new()),
        tags: operation::tags(&api, options.docs),
        extensions: IndexMap::from([("x-generated".to_owned(), HEADER.into())]),
        ..OpenAPI::default()
    }
}

/// A document that does not come back as it was written would lose something in every tool.
fn check(document: &OpenAPI, text: &str) -> Result<(), Error> {
    let back: OpenAPI = serde_json::from_str(text).map_err(|error| failure(&error))?;
    if back == *document {
        return Ok(());
    }
    Err(failure(&"the document changes when it is read back"))
}

fn failure(message: &dyn std::fmt::Display) -> Error {
    Error { target: "openapi", message: message.to_string() }
}

#[cfg(test)]
mod tests;
